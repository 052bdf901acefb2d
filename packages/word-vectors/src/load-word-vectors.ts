import { readFileSync } from "node:fs";
import type { WordVectors } from "@mcp-optimizer/contracts";
import { createGloss } from "./create-gloss.ts";

const DATA = new URL("../data/", import.meta.url);
const DIMENSIONS = 256;

let loaded: WordVectors | undefined;

/**
 * The table, read from the package's `data` folder at the first call and kept; the glosses are read when a text in another script first needs them.
 * Throws what the file system throws, and a RangeError for files that do not belong together.
 */
export function loadWordVectors(): WordVectors {
  return (loaded ??= readTable());
}

function readTable(): WordVectors {
  const numbers = new Map<string, number>();
  const weights: number[] = [];
  for (const line of read("words.tsv").trimEnd().split("\n")) {
    const tab = line.indexOf("\t");
    numbers.set(line.slice(0, tab), weights.length);
    weights.push(Number(line.slice(tab + 1)));
  }
  const bytes = readFileSync(new URL("vectors.int8.bin", DATA));
  if (bytes.length !== weights.length * DIMENSIONS) {
    throw new RangeError(
      `vectors.int8.bin has ${bytes.length} bytes, not ${DIMENSIONS} for each of ${weights.length} words`,
    );
  }
  let gloss: WordVectors["gloss"] | undefined;
  return {
    dimensions: DIMENSIONS,
    find: (stem) => numbers.get(stem),
    rows: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    weights: Float32Array.from(weights),
    gloss: (text) => (gloss ??= createGloss(read("glosses.tsv")))(text),
  };
}

function read(file: string): string {
  return readFileSync(new URL(file, DATA), "utf8");
}
