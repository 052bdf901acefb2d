import { FILE_TYPE, type NodeTimes, type TreeNode } from "../tree/nodes.ts";
import { WasiError } from "./errno.ts";
import type { GuestMemory } from "./guest-memory.ts";

const STATUS_BYTES = 64;
/** Flags of a call that sets times. */
const ACCESS = 1;
const ACCESS_NOW = 2;
const MODIFY = 4;
const MODIFY_NOW = 8;

/** Writes a `filestat`; of a stream, without a node, it has only a type. */
export function writeStatus(memory: GuestMemory, at: number, node: TreeNode | undefined): void {
  memory.bytes(at, STATUS_BYTES).fill(0);
  if (node === undefined) {
    memory.setU8(at + 16, FILE_TYPE.unknown);
    return;
  }
  memory.setU64(at, 1n);
  memory.setU64(at + 8, node.ino);
  memory.setU8(at + 16, FILE_TYPE[node.kind]);
  memory.setU64(at + 24, BigInt(node.links));
  memory.setU64(at + 32, BigInt(sizeOf(node)));
  memory.setU64(at + 40, node.times.access);
  memory.setU64(at + 48, node.times.modify);
  memory.setU64(at + 56, node.times.change);
}

/** The times that a call sets. Throws `invalid` when it gives one twice. */
export function timesFrom(access: bigint, modify: bigint, flags: number, now: bigint): Partial<NodeTimes> {
  const both = (set: number, setNow: number): boolean => (flags & set) !== 0 && (flags & setNow) !== 0;
  if (both(ACCESS, ACCESS_NOW) || both(MODIFY, MODIFY_NOW)) {
    throw new WasiError("invalid");
  }
  const pick = (set: number, setNow: number, value: bigint): bigint | undefined =>
    (flags & set) !== 0 ? BigInt.asUintN(64, value) : (flags & setNow) !== 0 ? now : undefined;
  const accessTime = pick(ACCESS, ACCESS_NOW, access);
  const modifyTime = pick(MODIFY, MODIFY_NOW, modify);
  return {
    ...(accessTime === undefined ? {} : { access: accessTime }),
    ...(modifyTime === undefined ? {} : { modify: modifyTime }),
  };
}

function sizeOf(node: TreeNode): number {
  if (node.kind === "file") {
    return node.store.length;
  }
  return node.kind === "link" ? Buffer.byteLength(node.target) : 0;
}
