import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WordVectors } from "@mcp-optimizer/contracts";

const DIMENSIONS = 256;
const WORDS = "words.tsv";
const ROWS = "vectors-30k-256.int8.bin";

/** The example table of `data/word-vectors` beside the benchmark's folder; undefined where it is absent. It has no glosses. */
export function readExampleWordVectors(benchmark: string): WordVectors | undefined {
  const folder = join(benchmark, "..", "word-vectors");
  if (!existsSync(join(folder, WORDS)) || !existsSync(join(folder, ROWS))) return undefined;
  const lines = readFileSync(join(folder, WORDS), "utf8").trimEnd().split("\n");
  const cells = lines.map((line) => line.split("\t"));
  const numbers = new Map(cells.map(([word], row) => [word!, row]));
  const bytes = readFileSync(join(folder, ROWS));
  return {
    dimensions: DIMENSIONS,
    find: (stem) => numbers.get(stem),
    rows: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    weights: Float32Array.from(cells, ([, , weight]) => Number(weight)),
    gloss: () => [],
  };
}
