import { findPhrases, isCharacter, segment } from "./phrase-lexicon.ts";
import type { TextPair } from "./text-pair.ts";
import { learnTranslations, type Translations } from "./word-translations.ts";

const ROUNDS = 3;
const SECOND_FROM = 0.25;

/** Learns the one or two English stems that a phrase of a language most likely stands for. */
export function learnLanguage(pairs: readonly TextPair[]): Map<string, string[]> {
  const { phrases, whole } = findPhrases(pairs);
  let kept: ReadonlySet<string> = phrases;
  let translations: Translations = new Map();
  let counts = new Map<string, number>();
  const best = (phrase: string): number => Math.max(0, ...(translations.get(phrase)?.values() ?? []));

  for (let round = 0; round < ROUNDS; round++) {
    const texts = pairs.map((pair) => ({ english: pair.english, phrases: segment(pair, kept) }));
    counts = new Map();
    for (const { phrases } of texts) {
      for (const phrase of new Set(phrases)) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    }
    translations = learnTranslations(texts);
    if (round === ROUNDS - 1) break;
    const seen = (phrase: string): number => counts.get(phrase) ?? 0;
    kept = new Set(
      [...kept].filter(
        (phrase) =>
          isCharacter(phrase) ||
          (best(phrase) >= 0.3 && seen(phrase) >= 2) ||
          (best(phrase) >= 0.2 && whole.has(phrase)),
      ),
    );
  }

  const glosses = new Map<string, string[]>();
  for (const phrase of kept) {
    const single = isCharacter(phrase);
    const fewest = single ? 4 : whole.has(phrase) ? 1 : 2;
    if ((counts.get(phrase) ?? 0) < fewest) continue;
    const words = [...(translations.get(phrase) ?? [])].sort((one, other) => other[1] - one[1]).slice(0, 2);
    const sure = words.filter(([, chance], at) => chance >= (at === 0 && single ? 0.3 : SECOND_FROM));
    if (sure.length > 0)
      glosses.set(
        phrase,
        sure.map(([word]) => word),
      );
  }
  return glosses;
}
