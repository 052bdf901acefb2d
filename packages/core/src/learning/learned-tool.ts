import type { LearnedType } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { KnownOutput } from "../signatures/known-output.ts";
import {
  decodeOutput,
  encodeOutput,
  knownOutput,
  mergeOutputs,
  type LearnedOutput,
} from "./learned-output.ts";

/** What is known of one tool, in this process. */
export class LearnedTool {
  readonly server: string;
  readonly tool: string;
  readonly definition: string;
  /** What the store had when it was last asked. */
  #stored: LearnedOutput | undefined;
  /** What the store has not been told yet. */
  #fresh: LearnedOutput | undefined;
  #output: LearnedOutput | undefined;
  #known: { readonly output: KnownOutput | undefined } | undefined;

  constructor({ server, name, hash }: Pick<CatalogueTool, "server" | "name" | "hash">) {
    this.server = server;
    this.tool = name;
    this.definition = hash;
  }

  /** All that is known. */
  get output(): LearnedOutput | undefined {
    return this.#output;
  }

  /** What signatures say of it. */
  known({ definition }: CatalogueTool): KnownOutput | undefined {
    this.#known ??= { output: this.#output && knownOutput(definition, this.#output) };
    return this.#known.output;
  }

  /** Takes in an observation. Tells whether it is worth a write: it changes the type, or the number of observations has doubled. */
  observe(observed: LearnedOutput): boolean {
    const before = this.#output;
    this.#fresh = merged(this.#fresh, observed);
    this.#set(this.#stored);
    const after = this.#output!;
    return (
      before === undefined ||
      Math.floor(Math.log2(before.seen)) !== Math.floor(Math.log2(after.seen)) ||
      JSON.stringify(encodeOutput(before)) !== JSON.stringify(encodeOutput(after))
    );
  }

  /** Takes in what the store has. An entry of another definition, or one that cannot be read, counts for nothing. */
  load(stored: LearnedType | undefined): void {
    this.#set(stored && this.#outputOf(stored));
  }

  /** The change for the store: what is there with what is new. `done` is told when it is stored. */
  change():
    | {
        readonly apply: (stored: LearnedType | undefined) => LearnedType;
        readonly done: (stored: LearnedType) => void;
      }
    | undefined {
    const fresh = this.#fresh;
    if (fresh === undefined) return undefined;
    const { server, tool, definition } = this;
    return {
      apply: (stored) => {
        const output = merged(stored && this.#outputOf(stored), fresh)!;
        return { server, tool, definition, seen: output.seen, type: encodeOutput(output) };
      },
      done: (stored) => {
        // What came meanwhile is fresh still, with what is stored by now: merged twice, it changes nothing but the count.
        this.#fresh =
          this.#fresh === fresh
            ? undefined
            : this.#fresh && { ...this.#fresh, seen: this.#fresh.seen - fresh.seen };
        this.load(stored);
      },
    };
  }

  #outputOf({ definition, seen, type }: LearnedType): LearnedOutput | undefined {
    return definition === this.definition ? decodeOutput(seen, type) : undefined;
  }

  #set(stored: LearnedOutput | undefined): void {
    this.#stored = stored;
    this.#output = merged(stored, this.#fresh);
    this.#known = undefined;
  }
}

const merged = (a: LearnedOutput | undefined, b: LearnedOutput | undefined): LearnedOutput | undefined =>
  a === undefined || b === undefined ? (a ?? b) : mergeOutputs(a, b);
