/** A section of a WebAssembly module: its id and its body's place in the bytes. */
export interface WasmSection {
  readonly id: number;
  /** Where the section's id stands. */
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** More is no module that a compiler made; each costs memory here. */
const MOST_SECTIONS = 10_000;

/** Reads an unsigned LEB128 number. Returns it and the offset behind it. */
export function readU32(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let shift = 0;
  for (let next = at; ; shift += 7) {
    const byte = bytes[next++];
    if (byte === undefined || shift > 28) {
      throw new RangeError("The module ends inside a number, or the number is too long.");
    }
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      return { value, next };
    }
  }
}

/** An unsigned LEB128 number as bytes. */
export function writeU32(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    const more = left >= 0x80;
    bytes.push((left % 0x80) + (more ? 0x80 : 0));
    left = Math.floor(left / 0x80);
  } while (left > 0);
  return bytes;
}

/** The sections of a module, in order. Throws RangeError when the bytes are no module. */
export function wasmSections(bytes: Uint8Array): WasmSection[] {
  if (Buffer.from(bytes.subarray(0, 8)).toString("hex") !== "0061736d01000000") {
    throw new RangeError("These bytes are not a WebAssembly module.");
  }
  const sections: WasmSection[] = [];
  for (let at = 8; at < bytes.length;) {
    const size = readU32(bytes, at + 1);
    const end = size.next + size.value;
    if (end > bytes.length || sections.length === MOST_SECTIONS) {
      throw new RangeError("The module has a section that is cut, or too many of them.");
    }
    sections.push({ id: bytes[at]!, start: at, bodyStart: size.next, end });
    at = end;
  }
  return sections;
}
