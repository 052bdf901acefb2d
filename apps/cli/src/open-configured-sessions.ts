import type { Log } from "@mcp-optimizer/contracts";
import { createEngineSessions, systemClock as clock, type Sessions } from "@mcp-optimizer/core";
import { openConfiguredState } from "./open-configured-state.ts";

/** Sessions, for commands that need nothing else. What ends with one ends as in a server. */
export interface ConfiguredSessions extends AsyncDisposable {
  readonly sessions: Sessions;
}

/** Opens the sessions of the configured state. Rejects with `config_invalid` or `store_unavailable`. */
export async function openConfiguredSessions(
  flags: { readonly config: string | undefined },
  log: Log,
): Promise<ConfiguredSessions> {
  const state = await openConfiguredState(flags, "sessions live", log);
  const { sessionStore: store, settings } = state;
  const engine = createEngineSessions({
    ...state,
    store,
    settings: settings.sessions,
    clock,
    log,
  });
  return {
    sessions: engine.sessions,
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await state.dispose();
    },
  };
}
