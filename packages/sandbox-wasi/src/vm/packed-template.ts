import { MemoryImage } from "./memory-image.ts";
import type { RealmTemplate } from "./realm-template.ts";

/** What stands before the bytes of an image. */
interface Head extends Omit<RealmTemplate, "image"> {
  readonly size: number;
  readonly stackPointer: number;
  /** Start and length of each part; the rest is zero. */
  readonly parts: readonly (readonly [start: number, length: number])[];
}

const LENGTH_BYTES = 4;

/** A template as bytes, for another process with the same engine. */
export function packTemplate({ image, ...rest }: RealmTemplate): Uint8Array {
  const { written } = image;
  const head: Head = {
    ...rest,
    size: image.bytes.length,
    stackPointer: image.stackPointer,
    parts: written.map(({ start, bytes }) => [start, bytes.length]),
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...written.map(({ bytes }) => bytes)]);
}

/** The template of bytes that `packTemplate` made. Never for bytes of anybody else. */
export function unpackTemplate(packed: Uint8Array): RealmTemplate {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = LENGTH_BYTES + bytes.readUInt32LE();
  const { size, stackPointer, parts, ...rest } = JSON.parse(bytes.toString("utf8", LENGTH_BYTES, at)) as Head;
  const memory = new Uint8Array(size);
  for (const [start, length] of parts) {
    memory.set(bytes.subarray(at, at + length), start);
    at += length;
  }
  return { ...rest, image: new MemoryImage(memory, stackPointer) };
}
