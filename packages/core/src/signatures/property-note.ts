import { addsMeaning } from "./adds-meaning.ts";
import { cutText, firstSentence } from "./safe-text.ts";
import type { PropertyDoc, TypeProperty } from "./type-node.ts";

/**
 * What a comment on one line says of a property: its description where the name does not give the meaning, its default, its bounds.
 * `length` bounds the description; 0 leaves it out, and undefined leaves out everything.
 */
export function propertyNote({ name, doc }: TypeProperty, length: number | undefined): string {
  if (length === undefined) return "";
  const text = length > 0 && isTelling(name, doc) ? shorten(doc.description, length) : "";
  const fallback = doc.fallback === undefined || /default/iu.test(text) ? "" : `default ${doc.fallback}`;
  return [text.replace(/[.\s]+$/u, ""), fallback, ...doc.facts.filter(isWorthwhile)]
    .filter((part) => part !== "")
    .join("; ");
}

const telling = new WeakMap<PropertyDoc, boolean>();

function isTelling(name: string, doc: PropertyDoc): boolean {
  let answer = telling.get(doc);
  if (answer === undefined) telling.set(doc, (answer = addsMeaning(name, doc.description)));
  return answer;
}

/** Shorter beginnings of sentences say too little to be shown. */
const WORTH_CUTTING = 60;

/** As many whole sentences as fit, or the start of the first. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = firstSentence(text);
  if (kept.length > length) return length < WORTH_CUTTING ? "" : cutText(kept, length);
  for (;;) {
    const more = firstSentence(text.slice(kept.length).trimStart());
    if (more === "" || kept.length + 1 + more.length > length) return kept;
    kept = `${kept} ${more}`;
  }
}

function isWorthwhile(fact: string): boolean {
  return fact.length <= 40 && fact !== "at least 1 character" && fact !== ">= 0";
}
