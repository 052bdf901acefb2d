import { OptimizerError } from "@mcp-optimizer/contracts";

/** Primary result codes of SQLite: https://www.sqlite.org/rescode.html. */
const BUSY = 5;
const WORDS: Readonly<Record<number, string>> = {
  3: "it may not be opened",
  [BUSY]: "another process holds it",
  6: "another process holds it",
  8: "it cannot be written",
  10: "it cannot be read or written",
  11: "it is damaged",
  13: "the disk is full",
  14: "it cannot be opened",
  26: "it is no database",
};

/** Whether another process is writing just now. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === BUSY;

/** What went wrong with a store as `store_unavailable`; an OptimizerError stays as it is. `file` is named where only the operator reads. */
export function storeFault(cause: unknown, file?: string): OptimizerError {
  if (OptimizerError.is(cause)) return cause;
  const words = WORDS[primaryCode(cause) ?? -1] ?? "it cannot be used";
  return new OptimizerError("store_unavailable", { detail: `${file ?? "the state file"}: ${words}`, cause });
}

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
