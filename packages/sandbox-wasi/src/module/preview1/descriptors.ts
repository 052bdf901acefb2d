import type { ByteStore } from "../tree/byte-store.ts";
import type { FileTree } from "../tree/file-tree.ts";
import type { DirectoryNode, FileNode } from "../tree/nodes.ts";
import { WasiError } from "./errno.ts";

/** Flags of a descriptor. */
export const APPEND = 1;

interface BaseDescriptor {
  rights: number;
  inheriting: number;
  flags: number;
}

/** An open file. */
export interface OpenFile extends BaseDescriptor {
  readonly kind: "file";
  readonly node: FileNode;
  position: number;
}

/** An open directory. */
export interface OpenDirectory extends BaseDescriptor {
  readonly kind: "directory";
  readonly node: DirectoryNode;
  /** Its name when it was open from the start. */
  readonly preopen?: string;
}

/** The module's input: bytes that are there from the start. */
export interface OpenInput extends BaseDescriptor {
  readonly kind: "input";
  readonly bytes: Uint8Array;
  position: number;
}

/** One of the module's outputs. */
export interface OpenOutput extends BaseDescriptor {
  readonly kind: "output";
  readonly store: ByteStore;
}

export type Descriptor = OpenFile | OpenDirectory | OpenInput | OpenOutput;

/** The open descriptors of a module, by number; the lowest free number is given first. */
export class Descriptors {
  readonly #open: (Descriptor | undefined)[] = [];
  readonly #most: number;
  readonly #tree: FileTree;
  #count = 0;
  #lowest = 0;

  constructor(tree: FileTree, most: number) {
    this.#tree = tree;
    this.#most = most;
  }

  /** Opens one more. Throws `tooManyDescriptors` at the limit. */
  add(descriptor: Descriptor): number {
    if (this.#count >= this.#most) {
      throw new WasiError("tooManyDescriptors");
    }
    let fd = this.#lowest;
    while (this.#open[fd] !== undefined) {
      fd++;
    }
    this.#lowest = fd + 1;
    this.#count++;
    this.#open[fd] = descriptor;
    if (descriptor.kind === "file") {
      this.#tree.open(descriptor.node);
    }
    return fd;
  }

  get(fd: number): Descriptor {
    const descriptor = this.#open[fd];
    if (descriptor === undefined) {
      throw new WasiError("badDescriptor");
    }
    return descriptor;
  }

  file(fd: number): OpenFile {
    const descriptor = this.get(fd);
    if (descriptor.kind === "directory") {
      throw new WasiError("isDirectory");
    }
    if (descriptor.kind !== "file") {
      throw new WasiError("illegalSeek");
    }
    return descriptor;
  }

  directory(fd: number): OpenDirectory {
    const descriptor = this.get(fd);
    if (descriptor.kind !== "directory") {
      throw new WasiError("notDirectory");
    }
    return descriptor;
  }

  close(fd: number): void {
    const descriptor = this.get(fd);
    this.#open[fd] = undefined;
    this.#lowest = Math.min(this.#lowest, fd);
    this.#count--;
    if (descriptor.kind === "file") {
      this.#tree.close(descriptor.node);
    }
  }

  /** Moves one to a number that is open, and closes what was there. */
  renumber(from: number, to: number): void {
    const descriptor = this.get(from);
    this.get(to);
    if (from === to) {
      return;
    }
    this.close(to);
    this.#open[from] = undefined;
    this.#open[to] = descriptor;
    this.#lowest = Math.min(from, this.#lowest === to ? to + 1 : this.#lowest);
  }
}
