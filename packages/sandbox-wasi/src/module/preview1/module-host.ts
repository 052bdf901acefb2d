import { ByteStore } from "../tree/byte-store.ts";
import type { FileTree } from "../tree/file-tree.ts";
import { Descriptors } from "./descriptors.ts";
import { GuestMemory } from "./guest-memory.ts";
import { DIRECTORY_RIGHTS, INHERITED_RIGHTS, RIGHTS } from "./rights.ts";

/** Calls between two looks at the limits. */
const TICK = 64;

/** Unwinds a module that has ended: by its own wish, or because it must. */
export class ModuleEnd extends Error {}

/** What ends a run from within a call. */
export type ModuleStop = "output_limit" | "limits";

/** What a module is started with. */
export interface ModuleHostOptions {
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly stdin: Uint8Array;
  readonly tree: FileTree;
  readonly fileHandles: number;
  /** Both outputs together, in bytes. */
  readonly outputBytes: number;
  /** Whether a limit of time is reached. */
  readonly mustStop: () => boolean;
  /** Waits, at most so many milliseconds, or until the run must stop. */
  readonly sleep: (ms: number) => void;
}

/** What the calls of one module share. */
export class ModuleHost {
  readonly memory: GuestMemory = new GuestMemory();
  readonly descriptors: Descriptors;
  readonly tree: FileTree;
  readonly options: ModuleHostOptions;
  readonly stdout: ByteStore = new ByteStore();
  readonly stderr: ByteStore = new ByteStore();
  #calls = 0;
  #ended = false;
  exitCode: number | undefined;
  stop: ModuleStop | undefined;

  constructor(options: ModuleHostOptions) {
    this.options = options;
    this.tree = options.tree;
    this.descriptors = new Descriptors(options.tree, options.fileHandles);
    const none = { inheriting: 0, flags: 0 };
    this.descriptors.add({ kind: "input", bytes: options.stdin, position: 0, rights: RIGHTS.read, ...none });
    for (const store of [this.stdout, this.stderr]) {
      this.descriptors.add({ kind: "output", store, rights: RIGHTS.write, ...none });
    }
    this.descriptors.add({
      kind: "directory",
      node: options.tree.root,
      preopen: "/",
      rights: DIRECTORY_RIGHTS,
      inheriting: INHERITED_RIGHTS,
      flags: 0,
    });
  }

  /** Looks at the limits now and then. A module that caught its end gets it again. */
  tick(): void {
    if (this.#ended) {
      throw new ModuleEnd();
    }
    if (++this.#calls % TICK === 0) {
      this.checkLimits();
    }
  }

  /** Ends the run when it must. */
  checkLimits(): void {
    if (this.options.mustStop()) {
      this.end("limits");
    }
  }

  /** Takes output. */
  output(store: ByteStore, data: Uint8Array): void {
    const left = this.options.outputBytes - this.stdout.length - this.stderr.length;
    store.write(store.length, data.subarray(0, left));
    if (data.length > left) {
      this.end("output_limit");
    }
  }

  exit(code: number): never {
    this.exitCode = code;
    this.#ended = true;
    throw new ModuleEnd();
  }

  end(stop: ModuleStop): never {
    this.stop = stop;
    this.#ended = true;
    throw new ModuleEnd();
  }

  /** Whether the module has ended. */
  get ended(): boolean {
    return this.#ended;
  }
}
