import { readU32, wasmSections, writeU32 } from "./wasm-sections.ts";

const MEMORY_SECTION = 5;

/** Bytes of a page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

/** The module with a maximum for its one memory, in pages. Without one, a guest could grow to 4 GiB and stall its own end. */
export function withMemoryMaximum(bytes: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  const section = wasmSections(bytes).find(({ id }) => id === MEMORY_SECTION);
  if (section === undefined) {
    throw new RangeError("The module defines no memory.");
  }
  const count = readU32(bytes, section.bodyStart);
  const flags = bytes[count.next]!;
  const minimum = readU32(bytes, count.next + 1);
  if (count.value !== 1 || flags > 1) {
    throw new RangeError("The module must define exactly one plain 32-bit memory.");
  }
  if (maximumPages < minimum.value) {
    throw new RangeError(`The module needs at least ${minimum.value} pages of memory.`);
  }
  const body = [1, 1, ...writeU32(minimum.value), ...writeU32(maximumPages)];
  const parts = [
    bytes.subarray(0, section.start),
    Uint8Array.from([MEMORY_SECTION, ...writeU32(body.length), ...body]),
    bytes.subarray(section.end),
  ];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
