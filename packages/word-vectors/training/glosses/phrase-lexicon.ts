import type { TextPair } from "./text-pair.ts";

const LONGEST = 6;

/** Stretches of characters that may be words, and those of them that were a whole short text. */
export interface PhraseLexicon {
  readonly phrases: ReadonlySet<string>;
  readonly whole: ReadonlySet<string>;
}

/** Takes as words what some English word mostly stands beside (Dice's coefficient), every single character, and whole texts of one or two English words. */
export function findPhrases(pairs: readonly TextPair[]): PhraseLexicon {
  const phraseCounts = new Map<string, number>();
  const wordCounts = new Map<string, number>();
  const whole = new Set<string>();
  for (const pair of pairs) {
    for (const word of pair.english) increase(wordCounts, word);
    for (const phrase of phrasesOf(pair)) increase(phraseCounts, phrase);
    const [run, ...more] = pair.runs;
    if (pair.english.length <= 2 && more.length === 0 && run!.length <= LONGEST) whole.add(run!.join(""));
  }
  const together = new Map<string, Map<string, number>>();
  for (const pair of pairs) {
    for (const phrase of phrasesOf(pair)) {
      if (phraseCounts.get(phrase)! < 2 && !whole.has(phrase)) continue;
      const counts = together.get(phrase) ?? new Map<string, number>();
      together.set(phrase, counts);
      for (const word of pair.english) increase(counts, word);
    }
  }
  const phrases = new Set<string>();
  for (const [phrase, counts] of together) {
    const count = phraseCounts.get(phrase)!;
    let best = 0;
    for (const [word, both] of counts) {
      if (both >= 2) best = Math.max(best, (2 * both) / (count + wordCounts.get(word)!));
    }
    const enough = best >= (count >= 4 ? 0.25 : 0.5);
    if (enough || whole.has(phrase) || isCharacter(phrase)) phrases.add(phrase);
  }
  return { phrases, whole };
}

/** Cuts the runs of a text into known phrases, the longest first, and single characters. */
export function segment({ runs }: TextPair, phrases: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const run of runs) {
    for (let from = 0; from < run.length;) {
      let size = Math.min(LONGEST, run.length - from);
      while (size > 1 && !phrases.has(run.slice(from, from + size).join(""))) size--;
      found.push(run.slice(from, from + size).join(""));
      from += size;
    }
  }
  return found;
}

/** Whether a phrase is a single character. */
export function isCharacter(phrase: string): boolean {
  return phrase.length === (phrase.codePointAt(0)! > 0xffff ? 2 : 1);
}

function phrasesOf({ runs }: TextPair): Set<string> {
  const phrases = new Set<string>();
  for (const run of runs) {
    for (let from = 0; from < run.length; from++) {
      for (let size = 1; size <= LONGEST && from + size <= run.length; size++) {
        phrases.add(run.slice(from, from + size).join(""));
      }
    }
  }
  return phrases;
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
