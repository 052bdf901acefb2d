import type { TypeNames } from "./named-types.ts";
import type { Signatures } from "./tool-signatures.ts";

/** Shorter types are not worth a name. */
const SHORTEST = 80;

/** Gives a name to each long type that is printed more than once, and prints it once. `hints` has the printed object types. */
export function shareTypes(
  printed: Signatures,
  hints: ReadonlyMap<string, string>,
  names: TypeNames,
): Signatures {
  let signatures = [...printed.signatures];
  let types = [...printed.types];
  const candidates = [...hints]
    .filter(([text]) => text.length >= SHORTEST)
    .sort((a, b) => b[0].length - a[0].length);
  for (const [text, hint] of candidates) {
    if (occurrences([...signatures, ...types], text) < 2) continue;
    const name = names.reserve(typeName(hint), text);
    signatures = signatures.map((signature) => signature.replaceAll(text, () => name));
    types = [...types.map((type) => type.replaceAll(text, () => name)), `type ${name} = ${text}`];
  }
  return { signatures, types };
}

function occurrences(texts: readonly string[], part: string): number {
  return texts.reduce((sum, text) => sum + text.split(part).length - 1, 0);
}

function typeName(hint: string): string {
  const words = hint.match(/[A-Za-z0-9]+/gu) ?? [];
  const name = words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")
    .slice(0, 40);
  return /^[A-Za-z]/u.test(name) ? name : "Shared";
}
