import { findTextKind } from "./find-text-kind.ts";
import type { FormatVocabulary } from "./format-words.ts";
import type { TextFormat } from "./text-format.ts";
import { textHead } from "./text-head.ts";
import { textSample } from "./text-sample.ts";

/**
 * What a text looks like, without anything of its values: its kind, and a sample with placeholders. Looks at the first 16,384 characters
 * only, so a text of any size costs the same. `vocabulary` has the words that may stand, from `formatVocabulary(tool)`.
 */
export function textFormat(text: string, vocabulary: FormatVocabulary): TextFormat {
  const head = textHead(text);
  const kind = findTextKind(head, vocabulary);
  return { kind, sample: textSample(kind, head, vocabulary) };
}
