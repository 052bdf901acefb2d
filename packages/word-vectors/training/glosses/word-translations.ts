/** Of each phrase: the probability that it gives an English word. */
export type Translations = ReadonlyMap<string, ReadonlyMap<string, number>>;

const ROUNDS = 8;
/** What stands for English words that no phrase gives, and what it counts at first. */
const NOTHING = "";
const NOTHING_AT_FIRST = 0.25;
/** Takes from phrases that were seen once or twice. */
const SMOOTHING = 0.1;
const LEAST = 1e-4;

/** Learns which phrase gives which word from texts that say the same: IBM's model 1. */
export function learnTranslations(
  texts: readonly { readonly english: readonly string[]; readonly phrases: readonly string[] }[],
): Translations {
  let known: Translations | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const counts = new Map<string, Map<string, number>>();
    for (const { english, phrases } of texts) {
      const sources = [NOTHING, ...phrases];
      for (const word of english) share(counts, word, sources, known);
    }
    for (const words of counts.values()) {
      let sum = SMOOTHING;
      for (const count of words.values()) sum += count;
      for (const [word, count] of words) words.set(word, count / sum);
    }
    known = counts;
  }
  return known ?? new Map();
}

function share(
  counts: Map<string, Map<string, number>>,
  word: string,
  sources: readonly string[],
  known: Translations | undefined,
): void {
  const chances = sources.map((source) =>
    known === undefined ? (source === NOTHING ? NOTHING_AT_FIRST : 1) : (known.get(source)?.get(word) ?? 0),
  );
  const sum = chances.reduce((total, chance) => total + chance, 0);
  if (sum === 0) return;
  sources.forEach((source, at) => {
    const part = chances[at]! / sum;
    if (part < LEAST) return;
    const words = counts.get(source) ?? new Map<string, number>();
    counts.set(source, words.set(word, (words.get(word) ?? 0) + part));
  });
}
