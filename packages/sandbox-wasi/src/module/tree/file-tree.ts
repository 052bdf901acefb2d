import { WasiError } from "../preview1/errno.ts";
import { ByteStore } from "./byte-store.ts";
import type { DirectoryNode, FileNode, LinkNode, NodeTimes, TreeNode } from "./nodes.ts";
import { Quota } from "./quota.ts";
import type { Resolved } from "./resolve-path.ts";
import { checkPlace, isInside } from "./tree-shape.ts";

/** Files, directories and links in memory, within quotas. Knows no path of the host. */
export class FileTree {
  readonly root: DirectoryNode;
  readonly quota: Quota;
  readonly #now: () => bigint;
  #nextIno = 1n;

  /** `now` is in nanoseconds since the epoch. */
  constructor(diskBytes: number, now: () => bigint) {
    this.quota = new Quota(diskBytes);
    this.#now = now;
    this.root = this.#directory(undefined, "");
  }

  /** A new, empty file. */
  createFile(
    parent: DirectoryNode,
    name: string,
    content: Uint8Array<ArrayBuffer> = new Uint8Array(),
  ): FileNode {
    this.quota.takeBytes(content.length);
    const store = new ByteStore(content);
    const file: FileNode = { kind: "file", ...this.#base(), store, written: true, opened: 0 };
    this.#put(parent, name, file);
    return file;
  }

  createDirectory(parent: DirectoryNode, name: string): DirectoryNode {
    const directory = this.#directory(parent, name);
    this.#put(parent, name, directory);
    return directory;
  }

  createLink(parent: DirectoryNode, name: string, target: string): void {
    const link: LinkNode = { kind: "link", ...this.#base(), target };
    this.quota.takeBytes(Buffer.byteLength(target));
    this.#put(parent, name, link);
  }

  /** A further name for a file or link. */
  addName(parent: DirectoryNode, name: string, node: FileNode | LinkNode): void {
    this.#put(parent, name, node);
    node.times.change = this.#now();
  }

  /** Takes a name away; the node goes with its last name, a file when nothing has it open either. */
  remove(parent: DirectoryNode, name: string): void {
    const { node } = parent.entries.get(name)!;
    parent.entries.delete(name);
    this.quota.giveEntry();
    parent.times.modify = this.#now();
    node.links--;
    if (node.kind === "file") {
      this.#freeUnused(node);
    } else if (node.kind === "link" && node.links === 0) {
      this.quota.takeBytes(-Buffer.byteLength(node.target));
    }
  }

  /** Moves a node; what may be replaced at the new place goes. */
  rename(from: Resolved, to: Resolved): void {
    const node = from.node!;
    if (to.node === node) {
      return;
    }
    if (to.parent.links === 0) {
      throw new WasiError("noEntry");
    }
    if (node.kind === "directory" && isInside(to.parent, node)) {
      throw new WasiError("invalid");
    }
    if (to.node !== undefined) {
      checkReplaceable(node, to.node);
    }
    checkPlace(to.parent, to.name, node);
    if (to.node !== undefined) {
      this.remove(to.parent, to.name);
    }
    from.parent.entries.delete(from.name);
    to.parent.entries.set(to.name, { node, order: to.parent.nextOrder++ });
    if (node.kind === "directory") {
      node.parent = to.parent;
      node.name = to.name;
    }
    from.parent.times.modify = this.#now();
    to.parent.times.modify = this.#now();
  }

  /** Writes into a file as far as the quota reaches. Returns the count; `noSpace` when it is none. */
  write(file: FileNode, offset: number, data: Uint8Array): number {
    const growth = offset + data.length - file.store.length;
    const short = Math.max(0, growth - this.quota.left);
    const part = data.subarray(0, data.length - Math.min(short, data.length));
    if (part.length === 0 && data.length > 0) {
      throw new WasiError("noSpace");
    }
    if (part.length > 0) {
      const taken = Math.max(0, offset + part.length - file.store.length);
      this.quota.takeBytes(taken);
      file.store.write(offset, part);
      this.#changed(file);
    }
    return part.length;
  }

  resize(file: FileNode, length: number): void {
    const growth = length - file.store.length;
    this.quota.takeBytes(Math.max(0, growth));
    file.store.resize(length);
    // Given back last: a module could see to it that the stack is full in between.
    this.quota.takeBytes(Math.min(0, growth));
    this.#changed(file);
  }

  open(file: FileNode): void {
    file.opened++;
  }

  close(file: FileNode): void {
    file.opened--;
    this.#freeUnused(file);
  }

  /** Sets times; an absent one stays. */
  setTimes(node: TreeNode, times: Partial<NodeTimes>): void {
    Object.assign(node.times, times, { change: this.#now() });
  }

  now(): bigint {
    return this.#now();
  }

  #changed(file: FileNode): void {
    file.written = true;
    file.times.modify = this.#now();
    file.times.change = file.times.modify;
  }

  #freeUnused(file: FileNode): void {
    if (file.links === 0 && file.opened === 0) {
      this.quota.takeBytes(-file.store.length);
      file.store.resize(0);
    }
  }

  #put(parent: DirectoryNode, name: string, node: TreeNode): void {
    checkPlace(parent, name, node);
    if (parent.links === 0) {
      throw new WasiError("noEntry");
    }
    this.quota.takeEntry();
    parent.entries.set(name, { node, order: parent.nextOrder++ });
    parent.times.modify = this.#now();
    node.links++;
  }

  #base(): { ino: bigint; links: number; times: NodeTimes } {
    const now = this.#now();
    return { ino: this.#nextIno++, links: 0, times: { access: now, modify: now, change: now } };
  }

  #directory(parent: DirectoryNode | undefined, name: string): DirectoryNode {
    const fields = { kind: "directory", ...this.#base(), entries: new Map(), nextOrder: 0, name } as const;
    const directory = { ...fields, parent: undefined as unknown as DirectoryNode };
    directory.parent = parent ?? directory;
    if (parent === undefined) {
      directory.links = 1;
    }
    return directory;
  }
}

function checkReplaceable(node: TreeNode, other: TreeNode): void {
  if (node.kind === "directory" && other.kind !== "directory") {
    throw new WasiError("notDirectory");
  }
  if (node.kind !== "directory" && other.kind === "directory") {
    throw new WasiError("isDirectory");
  }
  if (other.kind === "directory" && other.entries.size > 0) {
    throw new WasiError("notEmpty");
  }
}
