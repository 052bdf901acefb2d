import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRedisContextStore,
  createRedisExecutionLog,
  createRedisLearnedTypeStore,
  createRedisLedgerStore,
  createRedisRateWindows,
  createRedisResponseCache,
  createRedisResultVault,
  createRedisRunPlaces,
  createRedisSessionStore,
  openRedisLink,
} from "@mcp-optimizer/context-redis";
import {
  createSqliteContextStore,
  createSqliteExecutionLog,
  createSqliteLearnedTypeStore,
  createSqliteLedgerStore,
  createSqliteResultVault,
  createSqliteSessionStore,
} from "@mcp-optimizer/context-sqlite";
import {
  createMemoryContextStore,
  createMemoryExecutionLog,
  createMemoryLearnedTypeStore,
  createMemoryLedgerStore,
  createMemoryResultVault,
  createMemoryRunPlaces,
  createMemorySessionStore,
  type OptimizerOptions,
} from "@mcp-optimizer/core";
import { createManualClock } from "@mcp-optimizer/testkit";

/** Stores as an optimizer takes them. */
type StoreOptions = Pick<
  OptimizerOptions,
  | "executionLog"
  | "vault"
  | "contextStore"
  | "sessionStore"
  | "runStatus"
  | "learnedTypes"
  | "responseCache"
  | "rateWindows"
  | "runPlaces"
>;
type Always = "executionLog" | "vault" | "contextStore" | "sessionStore" | "runStatus" | "learnedTypes";

/** All stores of a backend, empty. */
export type Stores = Required<Pick<StoreOptions, Always>> &
  Omit<StoreOptions, Always> &
  AsyncDisposable & { readonly ledger: Exclude<NonNullable<OptimizerOptions["ledger"]>, false> };

const randomId = (): string => randomUUID();
const clock = createManualClock();

/** Opens stores in memory. */
export const openMemoryStores = async (): Promise<Stores> => ({
  executionLog: createMemoryExecutionLog({ clock }),
  vault: createMemoryResultVault({ clock, randomId }),
  contextStore: createMemoryContextStore({ clock }),
  sessionStore: createMemorySessionStore({ clock }),
  runStatus: createMemorySessionStore({ clock }),
  learnedTypes: createMemoryLearnedTypeStore(),
  ledger: createMemoryLedgerStore({ clock }),
  runPlaces: createMemoryRunPlaces({ clock }),
  [Symbol.asyncDispose]: async () => undefined,
});

/** Opens stores in a file of their own. */
export async function openSqliteStores(): Promise<Stores> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-tenants-"));
  const settings = { file: join(folder, "state.db"), clock };
  const stores = {
    executionLog: await createSqliteExecutionLog(settings),
    vault: await createSqliteResultVault({ ...settings, randomId }),
    contextStore: await createSqliteContextStore(settings),
    sessionStore: await createSqliteSessionStore({ ...settings, name: "sessions" }),
    runStatus: await createSqliteSessionStore({ ...settings, name: "runs" }),
    learnedTypes: await createSqliteLearnedTypeStore(settings),
    ledger: await createSqliteLedgerStore(settings),
  };
  return {
    ...stores,
    async [Symbol.asyncDispose]() {
      for (const store of Object.values(stores)) await store.dispose();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens stores in a Redis, under a prefix of their own. */
export async function openRedisStores(url: string): Promise<Stores> {
  const link = await openRedisLink({ url, prefix: randomId() });
  return {
    executionLog: createRedisExecutionLog({ link, clock }),
    vault: createRedisResultVault({ link, clock, randomId }),
    contextStore: createRedisContextStore({ link, clock }),
    sessionStore: createRedisSessionStore({ link, clock, name: "sessions" }),
    runStatus: createRedisSessionStore({ link, clock, name: "runs" }),
    learnedTypes: createRedisLearnedTypeStore({ link }),
    ledger: createRedisLedgerStore({ link, clock }),
    responseCache: createRedisResponseCache({ link, clock }),
    rateWindows: createRedisRateWindows({ link }),
    runPlaces: createRedisRunPlaces({ link, clock }),
    [Symbol.asyncDispose]: () => link.dispose(),
  };
}
