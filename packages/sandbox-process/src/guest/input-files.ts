import { closeSync, openSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { openInputFile } from "./input-file.ts";

/** More are let go together: they come of ever new agents, or limits. */
const MOST_KEPT = 256;

/** Files without a name, written once and handed to many children. */
export class InputFiles {
  readonly #newName: () => string;
  readonly #opening = new Set<Promise<unknown>>();
  #kept = new Map<string | Uint8Array, Promise<FileHandle>>();

  constructor(newName: () => string) {
    this.#newName = newName;
  }

  /** Descriptors of a file for each content, at its start and for reading only. The caller closes them with `closeInputs`. */
  async open(contents: readonly (string | Uint8Array)[]): Promise<number[]> {
    const opening = Promise.all(contents.map((content) => this.#file(content)));
    this.#opening.add(opening);
    try {
      return openAgain(await opening);
    } finally {
      this.#opening.delete(opening);
    }
  }

  /** Lets go of the files once nobody is about to open them; children that have a descriptor keep theirs. */
  async dispose(): Promise<void> {
    const kept = [...this.#kept.values()];
    this.#kept = new Map();
    // Whoever lets go in the middle of an opening is not in the set yet.
    await Promise.resolve();
    await Promise.allSettled(this.#opening);
    await Promise.all(kept.map(async (file) => (await file.catch(() => undefined))?.close()));
  }

  #file(content: string | Uint8Array): Promise<FileHandle> {
    let file = this.#kept.get(content);
    if (file === undefined) {
      if (this.#kept.size >= MOST_KEPT) {
        void this.dispose();
      }
      file = openInputFile(this.#newName(), content);
      this.#kept.set(content, file);
      file.catch(() => this.#kept.delete(content));
    }
    return file;
  }
}

function openAgain(files: readonly FileHandle[]): number[] {
  const opened: number[] = [];
  try {
    for (const { fd } of files) {
      // A child would move the position of a descriptor that it shares.
      opened.push(openSync(`/proc/self/fd/${fd}`, "r"));
    }
    return opened;
  } catch (error) {
    closeInputs(opened);
    throw error;
  }
}

/** Closes descriptors that `InputFiles` opened. */
export function closeInputs(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) closeSync(descriptor);
}
