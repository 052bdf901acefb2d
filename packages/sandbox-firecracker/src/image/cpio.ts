import { Buffer } from "node:buffer";

/** A file or folder of an archive. Parents come before what is in them. */
export interface CpioEntry {
  /** Relative, without a leading slash. */
  readonly path: string;
  /** Type and permission bits, such as `0o100644`. */
  readonly mode: number;
  /** A file's bytes; absent for a folder. */
  readonly content?: string | Uint8Array;
}

const TRAILER = "TRAILER!!!";

/** Packs entries into an archive in the "newc" format, as a Linux kernel unpacks it. All belong to root, at time zero. */
export function packCpio(entries: readonly CpioEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const [index, entry] of entries.entries()) {
    parts.push(...pack(index + 1, entry.path, entry.mode, Buffer.from(entry.content ?? "")));
  }
  parts.push(...pack(0, TRAILER, 0, Buffer.alloc(0)));
  return Buffer.concat(parts);
}

function pack(inode: number, path: string, mode: number, content: Buffer): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const links = (mode & 0o170000) === 0o040000 ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`);
  return [pad(Buffer.concat([header, name])), pad(content)];
}

function pad(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}
