/** A run of characters that glosses are for. */
const RUNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/gu;

/**
 * Makes a function from a text to English words for what it says in Chinese, Japanese or Korean, each word once, in the text's order.
 * Lines: a word, a tab, its English words with spaces between. Of the words that begin at one place the longest counts.
 */
export function createGloss(lines: readonly string[]): (text: string) => string[] {
  const glosses = new Map<string, string>();
  let longest = 0;
  for (const line of lines) {
    const tab = line.indexOf("\t");
    glosses.set(line.slice(0, tab), line.slice(tab + 1));
    longest = Math.max(longest, tab);
  }

  /** The longest known word at a place of a run. */
  const longestAt = (run: string, from: number): string | undefined => {
    for (let end = Math.min(run.length, from + longest); end > from; end--) {
      const word = run.slice(from, end);
      if (glosses.has(word)) return word;
    }
    return undefined;
  };

  return (text) => {
    const found = new Set<string>();
    for (const run of text.match(RUNS) ?? []) {
      for (let from = 0; from < run.length;) {
        const word = longestAt(run, from);
        for (const english of (word === undefined ? undefined : glosses.get(word))?.split(" ") ?? []) {
          found.add(english);
        }
        from += word?.length ?? 1;
      }
    }
    return [...found];
  };
}
