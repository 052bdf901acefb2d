import { FILE_TYPE, type DirectoryNode, type TreeNode } from "../tree/nodes.ts";

const ENTRY_BYTES = 24;
/** `.` and `..` come before the names. */
const FIRST_NAME = 2;

/**
 * Fills a buffer with entries of a directory from a cookie on; the last one may be cut. Returns the bytes used: less
 * than the buffer has when there are no more. A cookie stays good while names come and go.
 */
export function readDirectory(directory: DirectoryNode, cookie: bigint, buffer: Uint8Array): number {
  let used = 0;
  for (const [place, name, node] of entriesFrom(directory, cookie)) {
    const text = Buffer.from(name);
    const entry = Buffer.alloc(ENTRY_BYTES + text.length);
    entry.writeBigUInt64LE(BigInt(place) + 1n, 0);
    entry.writeBigUInt64LE(node.ino, 8);
    entry.writeUInt32LE(text.length, 16);
    entry.writeUInt8(FILE_TYPE[node.kind], 20);
    text.copy(entry, ENTRY_BYTES);
    const part = entry.subarray(0, buffer.length - used);
    buffer.set(part, used);
    used += part.length;
    if (used === buffer.length) {
      break;
    }
  }
  return used;
}

function* entriesFrom(
  directory: DirectoryNode,
  cookie: bigint,
): Generator<[place: number, name: string, node: TreeNode]> {
  if (cookie <= 0n) {
    yield [0, ".", directory];
  }
  if (cookie <= 1n) {
    yield [1, "..", directory.parent];
  }
  for (const [name, { node, order }] of directory.entries) {
    if (BigInt(order + FIRST_NAME) >= cookie) {
      yield [order + FIRST_NAME, name, node];
    }
  }
}
