import { WasiError } from "../preview1/errno.ts";
import type { DirectoryNode, TreeNode } from "./nodes.ts";

const MOST_DEPTH = 64;
const MOST_PATH_BYTES = 4_096;

/** How far a node reaches: directories and bytes of a path, itself included. */
interface Reach {
  readonly depth: number;
  readonly bytes: number;
}

/** The path of a directory from the root, without a slash at either end. */
export function pathOf(directory: DirectoryNode): string {
  const names: string[] = [];
  for (let at = directory; at.parent !== at; at = at.parent) {
    names.push(at.name);
  }
  return names.toReversed().join("/");
}

/** Whether a directory is another one or lies in it. */
export function isInside(directory: DirectoryNode, other: DirectoryNode): boolean {
  for (let at = directory; ; at = at.parent) {
    if (at === other) {
      return true;
    }
    if (at.parent === at) {
      return false;
    }
  }
}

/** Refuses a place where the node, or what is below it, would lie too deep or have too long a path. */
export function checkPlace(parent: DirectoryNode, name: string, node: TreeNode): void {
  let depth = 0;
  for (let at = parent; at.parent !== at; at = at.parent) {
    depth++;
  }
  const below = reach(node, name);
  if (
    depth + below.depth > MOST_DEPTH ||
    Buffer.byteLength(pathOf(parent)) + 1 + below.bytes > MOST_PATH_BYTES
  ) {
    throw new WasiError("nameTooLong");
  }
}

function reach(node: TreeNode, name: string): Reach {
  let depth = 0;
  let bytes = 0;
  const open = [{ node, depth: 1, bytes: Buffer.byteLength(name) }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    depth = Math.max(depth, at.depth);
    bytes = Math.max(bytes, at.bytes);
    if (at.node.kind === "directory") {
      for (const [below, entry] of at.node.entries) {
        const length = at.bytes + 1 + Buffer.byteLength(below);
        open.push({ node: entry.node, depth: at.depth + 1, bytes: length });
      }
    }
  }
  return { depth, bytes };
}
