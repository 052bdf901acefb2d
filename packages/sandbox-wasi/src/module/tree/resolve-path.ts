import { WasiError } from "../preview1/errno.ts";
import type { DirectoryNode, TreeNode } from "./nodes.ts";

const MOST_PATH_BYTES = 4_096;
const MOST_NAME_BYTES = 255;
const MOST_LINKS = 32;

/** Where a path leads. */
export interface Resolved {
  readonly parent: DirectoryNode;
  /** The last name; `.` when the path names the directory that it starts from, or ends in `..`. */
  readonly name: string;
  /** What stands there, if anything does. */
  readonly node: TreeNode | undefined;
  /** Whether the path ends in a slash, and so means a directory. */
  readonly slash: boolean;
}

/**
 * Finds what a path leads to from a directory. No path leaves that directory: not by a leading slash, not by `..`,
 * not by a link. Links on the way are followed; one at the end always, only when the path ends in a slash, or never.
 */
export function resolvePath(
  base: DirectoryNode,
  path: string,
  followLast: "always" | "slash" | "never",
): Resolved {
  checkPath(path);
  const above: DirectoryNode[] = [];
  let directory = base;
  let links = 0;
  let names = split(path);
  let slash = path.endsWith("/");
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!;
    const last = at === names.length - 1;
    if (name === "..") {
      const parent = above.pop();
      if (parent === undefined) {
        throw new WasiError("notCapable");
      }
      directory = parent;
    } else if (name !== ".") {
      checkName(name);
      const node = directory.entries.get(name)?.node;
      if (node?.kind === "link" && (!last || followLast === "always" || (slash && followLast === "slash"))) {
        if (++links > MOST_LINKS) {
          throw new WasiError("loop");
        }
        checkPath(node.target);
        slash ||= last && node.target.endsWith("/");
        names = [...split(node.target), ...names.slice(at + 1)];
        at = -1;
      } else if (last) {
        return { parent: directory, name, node, slash };
      } else if (node === undefined) {
        throw new WasiError("noEntry");
      } else if (node.kind !== "directory") {
        throw new WasiError("notDirectory");
      } else {
        above.push(directory);
        directory = node;
      }
    }
  }
  return { parent: directory, name: ".", node: directory, slash };
}

/** Refuses a name that is too long. */
export function checkName(name: string): void {
  if (Buffer.byteLength(name) > MOST_NAME_BYTES) {
    throw new WasiError("nameTooLong");
  }
}

function checkPath(path: string): void {
  if (path === "") {
    throw new WasiError("noEntry");
  }
  if (path.startsWith("/")) {
    throw new WasiError("notCapable");
  }
  if (path.includes("\0")) {
    throw new WasiError("illegalSequence");
  }
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) {
    throw new WasiError("nameTooLong");
  }
}

function split(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}
