import type { LogEntry, RankerDocument, WordVectors } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { openRanker } from "../src/open-ranker.ts";

const document: RankerDocument = {
  server: "files",
  name: "read_file",
  description: "",
  parameterNames: [],
  parameterTexts: [],
};

/** What a ranker finds, with what it logs; its module is loaded by `load`. */
function searched(load: (name: string) => unknown): { found: number; log: LogEntry[] } {
  const log: LogEntry[] = [];
  const ranker = openRanker((entry) => void log.push(entry), load);
  const index = ranker.join([ranker.segment([document]), ranker.segment([document])]);
  return { found: index.rank("open").length, log };
}

test("the table is loaded when tools are indexed, not before", () => {
  const loaded: string[] = [];
  const table: WordVectors = {
    dimensions: 1,
    find: (stem) => (stem === "open" || stem === "read" ? 0 : undefined),
    rows: Int8Array.of(1),
    weights: Float32Array.of(1),
    gloss: () => [],
  };
  const load = (name: string) => ({ loadWordVectors: () => (loaded.push(name), table) });
  openRanker(() => {}, load);
  expect(loaded).toEqual([]);
  expect(searched(load)).toEqual({ found: 2, log: [] });
  expect(loaded).toEqual(["@mcp-optimizer/word-vectors"]);
});

test.for([
  ["info", "MODULE_NOT_FOUND", "is not installed"],
  ["warn", "ENOENT", "could not be read"],
])("at level %s, once, it is said that the package %s", ([level, code, problem]) => {
  const { found, log } = searched(() => {
    throw Object.assign(new Error("no"), { code });
  });
  expect(found).toBe(0);
  expect(log).toMatchObject([{ level, message: expect.stringContaining(problem!) as string }]);
});
