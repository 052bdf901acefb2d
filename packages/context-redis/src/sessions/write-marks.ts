import { createHash, randomBytes } from "node:crypto";
import { OptimizerError } from "@mcp-optimizer/contracts";

/** Writes of one process that may or may not have been made. */
export interface WriteMarks {
  /**
   * Makes a write under a mark that no other write has; under the mark of the same write, when one was asked for before and nobody knows whether it
   * was made: whoever asks again is not in conflict with himself.
   */
  marked<T>(write: readonly (string | number)[], make: (mark: string) => Promise<T>): Promise<T>;
}

/** Remembers at most so many writes. */
export function createWriteMarks(most = 1_000): WriteMarks {
  const unsure = new Map<string, string>();
  return {
    async marked(write, make) {
      const name = unsure.size === 0 ? undefined : nameOf(write);
      const known = name === undefined ? undefined : unsure.get(name);
      // Of two who ask again, one is the first.
      if (known !== undefined) unsure.delete(name!);
      const mark = known ?? randomBytes(12).toString("base64url");
      try {
        return await make(mark);
      } catch (error) {
        if (OptimizerError.is(error) && error.code === "store_unavailable") {
          unsure.set(nameOf(write), mark);
          if (unsure.size > most) unsure.delete(unsure.keys().next().value!);
        }
        throw error;
      }
    },
  };
}

const nameOf = (write: readonly (string | number)[]): string =>
  createHash("sha256").update(JSON.stringify(write)).digest("base64url");
