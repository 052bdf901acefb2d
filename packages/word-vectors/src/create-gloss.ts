/** A run of characters that glosses are for. */
const RUNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/gu;

/** The words that begin with one character. */
interface Words {
  readonly glosses: ReadonlyMap<string, readonly string[]>;
  readonly longest: number;
}

/**
 * Makes a function from a text to English words for what it says in Chinese, Japanese or Korean, each word once, in the text's order.
 * Lines: a word, a tab, its English words with spaces between; those of one first character stand together. Of the words that begin at one place the longest counts.
 */
export function createGloss(lines: string): (text: string) => string[] {
  const places = findPlaces(lines);
  /** Lines are read when a text first has their first character. */
  const read = new Map<number, Words>();
  const wordsOf = (first: number): Words | undefined => {
    let words = read.get(first);
    const from = places.get(first);
    if (words === undefined && from !== undefined) read.set(first, (words = readWords(lines, from)));
    return words;
  };

  return (text) => {
    const found = new Set<string>();
    for (const run of text.match(RUNS) ?? []) {
      for (let from = 0; from < run.length;) {
        const words = wordsOf(run.charCodeAt(from));
        let end = words === undefined ? from : Math.min(run.length, from + words.longest);
        while (end > from && !words!.glosses.has(run.slice(from, end))) end--;
        for (const english of words?.glosses.get(run.slice(from, end)) ?? []) found.add(english);
        from = Math.max(end, from + 1);
      }
    }
    return [...found];
  };
}

/** Where the lines of each first character begin. */
function findPlaces(lines: string): Map<number, number> {
  const places = new Map<number, number>();
  let last = -1;
  for (let at = 0; at < lines.length; at = endOf(lines, at) + 1) {
    const first = lines.charCodeAt(at);
    if (first !== last) places.set((last = first), at);
  }
  return places;
}

function readWords(lines: string, from: number): Words {
  const glosses = new Map<string, readonly string[]>();
  const first = lines.charCodeAt(from);
  let longest = 0;
  for (let at = from; lines.charCodeAt(at) === first;) {
    const tab = lines.indexOf("\t", at);
    const end = endOf(lines, at);
    glosses.set(lines.slice(at, tab), lines.slice(tab + 1, end).split(" "));
    longest = Math.max(longest, tab - at);
    at = end + 1;
  }
  return { glosses, longest };
}

function endOf(lines: string, at: number): number {
  const end = lines.indexOf("\n", at);
  return end < 0 ? lines.length : end;
}
