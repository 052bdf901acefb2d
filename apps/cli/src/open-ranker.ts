import { createRequire } from "node:module";
import type { Log, Ranker, WordVectors } from "@mcp-optimizer/contracts";
import { createMeaningRanker } from "@mcp-optimizer/core";
import type * as WordVectorsModule from "@mcp-optimizer/word-vectors";

const PACKAGE = "@mcp-optimizer/word-vectors";

/**
 * The ranker with meaning, over the table of an optional package, which is loaded when the first tools are indexed. Where the package is absent, or
 * its table cannot be read, words alone count, and the log says so.
 */
export function openRanker(
  log: Log,
  load: (name: string) => unknown = createRequire(import.meta.url),
): Ranker {
  const vectors = (): WordVectors | undefined => {
    try {
      return (load(PACKAGE) as typeof WordVectorsModule).loadWordVectors();
    } catch (cause) {
      const absent = (cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
      const problem = absent ? "is not installed" : "could not be read";
      const message = `${PACKAGE} ${problem}: search goes by shared words alone`;
      log({ level: absent ? "info" : "warn", message, cause });
      return undefined;
    }
  };
  return createMeaningRanker({ vectors });
}
