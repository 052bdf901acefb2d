import { readU32, type WasmSection } from "../vm/wasm-sections.ts";

const FUNCTION = 0x60;
const LETTERS: Readonly<Record<number, string>> = { 0x7f: "i", 0x7e: "I", 0x7d: "f", 0x7c: "F", 0x7b: "v" };
/** References to functions and to values of the host, which a module here is never given. */
const REFERENCES: ReadonlySet<number> = new Set([0x6f, 0x70]);
const MOST_TYPES = 100_000;
const MOST_VALUES = 1_000;

/**
 * Types of a module's functions, such as `iIi:i`; `?` is a reference. Whatever a module could pile up on the
 * host's heap, structures, arrays and exceptions within exceptions, is refused with a RangeError.
 */
export function readTypes(bytes: Uint8Array, section: WasmSection | undefined): string[] {
  if (section === undefined) {
    return [];
  }
  const count = readU32(bytes, section.bodyStart);
  if (count.value > MOST_TYPES) {
    throw new RangeError(`The module has over ${MOST_TYPES} types.`);
  }
  const types: string[] = [];
  let at = count.next;
  const values = (): string => {
    const size = readU32(bytes, at);
    if (size.value > MOST_VALUES) {
      throw new RangeError(`A function of the module has over ${MOST_VALUES} parameters or results.`);
    }
    at = size.next;
    let text = "";
    for (let i = 0; i < size.value; i++) {
      const byte = bytes[at++]!;
      const letter = LETTERS[byte] ?? (REFERENCES.has(byte) ? "?" : undefined);
      if (letter === undefined) {
        throw new RangeError(
          "The module has a type that is not offered, such as one of garbage-collected values.",
        );
      }
      text += letter;
    }
    return text;
  };
  for (let i = 0; i < count.value; i++) {
    if (bytes[at++] !== FUNCTION) {
      throw new RangeError("The module defines garbage-collected types, which are not offered.");
    }
    const parameters = values();
    types.push(`${parameters}:${values()}`);
  }
  return types;
}
