import { homedir } from "node:os";
import { join } from "node:path";
import {
  createSqliteExecutionLog,
  createSqliteLearnedTypeStore,
  createSqliteLedgerStore,
} from "@mcp-optimizer/context-sqlite";
import type { ExecutionLog, LearnedTypeStore, LedgerStore } from "@mcp-optimizer/contracts";
import { systemClock as clock } from "@mcp-optimizer/core";
import { hintingAtState } from "./hinting-at-state.ts";
import type { Settings } from "./settings.ts";
import { STATE_FILE, stateFolder } from "./state-folder.ts";

/** What outlives the process; what is missing is kept in memory, or not at all. */
export interface State extends AsyncDisposable {
  readonly executionLog?: ExecutionLog;
  /** `false`: nothing is recorded. */
  readonly ledger?: LedgerStore | false;
  readonly learnedTypes?: LearnedTypeStore;
}

/** Opens the state file of these settings. Rejects with `store_unavailable`. */
export async function openState({
  ledger: records = true,
  learning,
  ...settings
}: Pick<Settings, "ledger" | "learning" | "state">): Promise<State> {
  await using opened = new AsyncDisposableStack();
  const ledger = records ? {} : { ledger: false as const };
  const folder = stateFolder(settings, process.env, homedir());
  if (folder === undefined) return { ...ledger, [Symbol.asyncDispose]: async () => undefined };
  const file = join(folder, STATE_FILE);
  return await hintingAtState(async () => {
    const executionLog = opened.use(await createSqliteExecutionLog({ file, clock }));
    const state = {
      executionLog,
      ...(records ? { ledger: opened.use(await createSqliteLedgerStore({ file, clock })) } : ledger),
      ...(learning !== "off" && { learnedTypes: opened.use(await createSqliteLearnedTypeStore({ file })) }),
    };
    const all = opened.move();
    return { ...state, [Symbol.asyncDispose]: () => all.disposeAsync() };
  });
}
