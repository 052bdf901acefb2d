export {
  ContextManager,
  type ContextManagerOptions,
  type SetContextOptions,
} from "./context/context-manager.ts";
export type { ContextBackend } from "./context/context-place.ts";
export {
  SessionManager,
  type SessionChange,
  type SessionManagerOptions,
} from "./sessions/session-manager.ts";
export { openState, type StateSettings } from "./stores/open-state.ts";
export { parseStatePlace, STATE_FILE, type StatePlace } from "./stores/state-place.ts";
export type { RedisSettings, StateParts } from "./stores/state-settings.ts";
export type { State } from "./stores/state.ts";
