import {
  createSqliteContextStore,
  createSqliteExecutionLog,
  createSqliteSessionStore,
} from "@mcp-optimizer/context-sqlite";
import type { StateStores } from "./state-scenario.ts";

// The engine's own clock would take half of the life of a process that is soon killed to load.
const clock = { now: () => Date.now() };

/** Opens the stores of a state file. */
export async function openSqliteStores(file: string): Promise<StateStores & AsyncDisposable> {
  const sessions = await createSqliteSessionStore({ file, clock, name: "sessions" });
  const context = await createSqliteContextStore({ file, clock });
  const log = await createSqliteExecutionLog({ file, clock, maxRuns: 1_000_000, maxBytes: 1024 ** 3 });
  return {
    sessions,
    context,
    log,
    async [Symbol.asyncDispose]() {
      for (const store of [sessions, context, log]) await store.dispose();
    },
  };
}
