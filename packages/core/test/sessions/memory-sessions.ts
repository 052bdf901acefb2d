import type { Clock, ExecutionLog } from "@mcp-optimizer/contracts";
import { createEngineSessions, type EngineSessions } from "../../src/sessions/engine-sessions.ts";
import { createMemoryContextStore } from "../../src/state/memory-context-store.ts";
import { createMemorySessionStore } from "../../src/state/memory-session-store.ts";

/** The sessions of an engine under test, in memory. */
export const memorySessions = (clock: Clock, executionLog: ExecutionLog): EngineSessions =>
  createEngineSessions({
    store: createMemorySessionStore({ clock }),
    contextStore: createMemoryContextStore({ clock }),
    executionLog,
    clock,
    log: () => undefined,
  });
