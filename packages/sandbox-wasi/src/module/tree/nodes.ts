import type { ByteStore } from "./byte-store.ts";

/** When a node was read, written and changed, in nanoseconds since the epoch. */
export interface NodeTimes {
  access: bigint;
  modify: bigint;
  change: bigint;
}

interface BaseNode {
  readonly ino: bigint;
  /** Names that lead to it. */
  links: number;
  readonly times: NodeTimes;
}

/** A file. */
export interface FileNode extends BaseNode {
  readonly kind: "file";
  readonly store: ByteStore;
  /** Whether the module changed it. */
  written: boolean;
  /** Open descriptors; a file without names lives as long as it has some. */
  opened: number;
}

/** A symbolic link. */
export interface LinkNode extends BaseNode {
  readonly kind: "link";
  readonly target: string;
}

/** A name in a directory. Its number only grows within the directory: a reader that goes on finds its place. */
export interface DirectoryEntry {
  readonly node: TreeNode;
  readonly order: number;
}

/** A directory. The root is its own parent. */
export interface DirectoryNode extends BaseNode {
  readonly kind: "directory";
  readonly entries: Map<string, DirectoryEntry>;
  nextOrder: number;
  parent: DirectoryNode;
  /** Its name in its parent; empty for the root. */
  name: string;
}

export type TreeNode = FileNode | LinkNode | DirectoryNode;

/** File types of preview1. */
export const FILE_TYPE: { readonly unknown: 0; readonly directory: 3; readonly file: 4; readonly link: 7 } = {
  unknown: 0,
  directory: 3,
  file: 4,
  link: 7,
};
