import { splitText, stemOf } from "./split-text.ts";

/** A stretch of a store's words: where it begins, and where it has ended. */
export type Span = readonly [from: number, to: number];

/** Texts as one long list of numbered stems. */
export interface TextStore {
  /** Adds the first so many words of a text. */
  add(text: string, most: number): Span;
  /** How many words there are. */
  size(): number;
  /** The most frequent stems with the number of texts that have them, and the list in their numbers; -1 for another stem. */
  finish(most: number): { words: (readonly [string, number])[]; numbers: Int32Array<ArrayBuffer> };
}

/** Makes an empty store. */
export function createTextStore(): TextStore {
  const known = new Map<string, number>();
  const byWord = new Map<string, number | undefined>();
  const stems: string[] = [];
  const counts: number[] = [];
  let list = new Int32Array(1 << 22);
  let size = 0;

  const numberOf = (word: string): number | undefined => {
    if (byWord.has(word)) return byWord.get(word);
    const stem = stemOf(word);
    let number = stem === undefined ? undefined : known.get(stem);
    if (stem !== undefined && number === undefined) {
      known.set(stem, (number = stems.push(stem) - 1));
      counts.push(0);
    }
    byWord.set(word, number);
    return number;
  };

  return {
    add(text, most) {
      const from = size;
      const once = new Set<number>();
      for (const word of splitText(text)) {
        const number = numberOf(word);
        if (number === undefined) continue;
        if (size - from === most) break;
        if (size === list.length) {
          const longer = new Int32Array(size * 2);
          longer.set(list);
          list = longer;
        }
        list[size++] = number;
        once.add(number);
      }
      for (const number of once) counts[number]! += 1;
      return [from, size];
    },
    size: () => size,
    finish(most) {
      const order = stems.map((_, number) => number).sort((one, other) => counts[other]! - counts[one]!);
      const kept = new Int32Array(stems.length).fill(-1);
      order.slice(0, most).forEach((number, rank) => (kept[number] = rank));
      return {
        words: order.slice(0, most).map((number) => [stems[number]!, counts[number]!] as const),
        numbers: list.slice(0, size).map((number) => kept[number]!),
      };
    },
  };
}
