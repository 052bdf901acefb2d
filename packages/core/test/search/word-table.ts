import type { WordVectors } from "@mcp-optimizer/contracts";
import { stem } from "porter2";

/** Words that mean the same, one row of the table each; the words of different rows have nothing in common. */
const MEANINGS = [
  ["branch", "fork"],
  ["history", "past", "chronicle"],
  ["commit", "revision"],
  ["read", "open", "load"],
  ["file", "document"],
  ["send", "deliver", "post"],
  ["mail", "email", "letter"],
  ["weather", "rain"],
  ["search", "find"],
];
const GLOSSES: Readonly<Record<string, string>> = { 搜索: "search", 天气: "weather" };

/** A table of a few words, so that tests of ranking need no data. */
export function wordTable(): WordVectors {
  const numbers = new Map(MEANINGS.flatMap((words, row) => words.map((word) => [stem(word), row])));
  const dimensions = MEANINGS.length;
  return {
    dimensions,
    find: (word) => numbers.get(word),
    rows: Int8Array.from({ length: dimensions ** 2 }, (_, at) => (at % (dimensions + 1) === 0 ? 99 : 0)),
    weights: new Float32Array(dimensions).fill(1),
    gloss(text) {
      return Object.entries(GLOSSES).flatMap(([word, meaning]) => (text.includes(word) ? [meaning] : []));
    },
  };
}
