import type { FileTree } from "./file-tree.ts";
import type { FileNode } from "./nodes.ts";
import { checkName } from "./resolve-path.ts";
import { pathOf } from "./tree-shape.ts";

/** A file's path from the root, without a leading slash, and its content. */
export type PlacedFile = readonly [path: string, content: Uint8Array<ArrayBuffer>];

/** Puts files into an empty tree, with the directories they need. Owns their bytes. Throws when one cannot be placed. */
export function placeFiles(tree: FileTree, files: readonly PlacedFile[]): ReadonlyMap<string, FileNode> {
  const placed = new Map<string, FileNode>();
  for (const [path, content] of files) {
    const names = path.split("/");
    let directory = tree.root;
    for (const name of names.slice(0, -1)) {
      checkName(name);
      const found = directory.entries.get(name)?.node ?? tree.createDirectory(directory, name);
      if (found.kind !== "directory") {
        throw new RangeError("is a file and a directory");
      }
      directory = found;
    }
    const name = names.at(-1)!;
    checkName(name);
    if (directory.entries.has(name)) {
      throw new RangeError("is given twice");
    }
    const file = tree.createFile(directory, name, content);
    file.written = false;
    placed.set(path, file);
  }
  return placed;
}

/** Takes out of a tree what the module wrote: files that are new, changed, or at another path. The tree is of no use afterwards. */
export function takeWritten(tree: FileTree, placed: ReadonlyMap<string, FileNode>): PlacedFile[] {
  const written: PlacedFile[] = [];
  const taken = new Map<FileNode, Uint8Array<ArrayBuffer>>();
  const open = [tree.root];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const prefix = directory === tree.root ? "" : `${pathOf(directory)}/`;
    for (const [name, { node }] of directory.entries) {
      if (node.kind === "directory") {
        open.push(node);
      } else if (node.kind === "file" && (node.written || placed.get(prefix + name) !== node)) {
        // Two names of one file share their bytes here; structured cloning keeps it so.
        const bytes = taken.get(node) ?? node.store.take();
        taken.set(node, bytes);
        written.push([prefix + name, bytes]);
      }
    }
  }
  return written;
}
