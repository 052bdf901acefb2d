import type { Clock, Log } from "@mcp-optimizer/contracts";
import { createMemoryBulletin } from "@mcp-optimizer/core";
import { randomId } from "./random-id.ts";
import { SESSION_STORES, type State } from "./state.ts";

/** All stores in a file, but for the bulletin, which is in memory. */
export async function sqliteState(file: string, clock: Clock, log: Log | undefined): Promise<State> {
  const sqlite = await import("@mcp-optimizer/context-sqlite");
  await using opened = new AsyncDisposableStack();
  const sessions = async (name: string) =>
    opened.use(await sqlite.createSqliteSessionStore({ file, clock, name }));
  const stores = {
    executionLog: opened.use(await sqlite.createSqliteExecutionLog({ file, clock })),
    vault: opened.use(await sqlite.createSqliteResultVault({ file, clock, randomId })),
    responseCache: opened.use(await sqlite.createSqliteResponseCache({ file, clock })),
    ledger: opened.use(await sqlite.createSqliteLedgerStore({ file, clock })),
    learnedTypes: opened.use(await sqlite.createSqliteLearnedTypeStore({ file })),
    contextStore: opened.use(await sqlite.createSqliteContextStore({ file, clock })),
    sessionStore: await sessions(SESSION_STORES.sessionStore),
    runStatus: await sessions(SESSION_STORES.runStatus),
    transportSessions: await sessions(SESSION_STORES.transportSessions),
    tasks: await sessions(SESSION_STORES.tasks),
  };
  const all = opened.move();
  const dispose = (): Promise<void> => all.disposeAsync();
  return {
    kind: "sqlite",
    ...stores,
    bulletin: createMemoryBulletin({ ...(log && { log }) }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
