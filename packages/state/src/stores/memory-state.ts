import type { Clock, Log } from "@mcp-optimizer/contracts";
import {
  createMemoryBulletin,
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemoryLearnedTypeStore,
  createMemoryLedgerStore,
  createMemoryResponseCache,
  createMemoryResultVault,
  createMemorySessionStore,
} from "@mcp-optimizer/core";
import { randomId } from "./random-id.ts";
import type { State } from "./state.ts";

/** All stores in memory. */
export function memoryState(clock: Clock, log: Log | undefined): State {
  const sessions = () => createMemorySessionStore({ clock });
  const dispose = async (): Promise<void> => undefined;
  return {
    kind: "memory",
    executionLog: createMemoryExecutionLog({ clock }),
    vault: createMemoryResultVault({ clock, randomId }),
    responseCache: createMemoryResponseCache({ clock }),
    ledger: createMemoryLedgerStore({ clock }),
    learnedTypes: createMemoryLearnedTypeStore(),
    contextStore: createMemoryContextStore({ clock }),
    sessionStore: sessions(),
    runStatus: sessions(),
    bulletin: createMemoryBulletin({ ...(log && { log }) }),
    transportSessions: sessions(),
    tasks: sessions(),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
