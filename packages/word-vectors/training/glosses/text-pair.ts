import { splitText, stemOf } from "../split-text.ts";

/** A text in two languages. */
export interface TextPair {
  /** Stems of the English words, each once. */
  readonly english: readonly string[];
  /** The runs of Chinese, Japanese or Korean characters. */
  readonly runs: readonly (readonly string[])[];
}

const RUNS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+/gu;
const MOST_WORDS = 40;
/** What is left of `don't` and its like. */
const REMAINDERS = new Set(["don", "isn", "doesn", "didn", "ll", "ve", "re", "won", "couldn", "aren"]);

/** English stems with the forms in which they were seen. */
export interface EnglishForms {
  stems(text: string): string[];
  /** The most frequent form of a stem. */
  form(stem: string): string;
}

/** Makes a store of forms. */
export function createEnglishForms(): EnglishForms {
  const seen = new Map<string, Map<string, number>>();
  return {
    stems(text) {
      const stems = new Set<string>();
      for (const word of splitText(text)) {
        const stem = /^[a-z]{2,}$/.test(word) && !REMAINDERS.has(word) ? stemOf(word) : undefined;
        if (stem === undefined) continue;
        const forms = seen.get(stem) ?? new Map<string, number>();
        seen.set(stem, forms.set(word, (forms.get(word) ?? 0) + 1));
        stems.add(stem);
      }
      return [...stems];
    },
    form(stem) {
      const forms = [...(seen.get(stem) ?? [[stem, 1] as const])];
      return forms.sort((one, other) => other[1] - one[1] || one[0].length - other[0].length)[0]![0];
    },
  };
}

/** Reads a pair; undefined where a side has no words, or too many to learn from. */
export function textPair(forms: EnglishForms, english: string, other: string): TextPair | undefined {
  const runs = (other.match(RUNS) ?? []).map((run) => Array.from(run));
  const stems = forms.stems(english);
  if (stems.length === 0 || stems.length > MOST_WORDS || runs.length === 0) return undefined;
  return { english: stems, runs };
}
