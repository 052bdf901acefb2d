import { randomBytes } from "node:crypto";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { readLines } from "../host/read-lines.ts";
import type { Machine } from "../vmm/vmm.ts";

const ENTROPY_BYTES = 64;

/** What process 1 said of the agent's end. */
export interface AgentEnd {
  readonly how: "exit" | "signal";
  /** Exit code, or signal number. */
  readonly number: number;
  /** Processes that the guest's kernel ended for want of memory. */
  readonly outOfMemory: number;
  /** Tail of the agent's stderr; written by the guest. */
  readonly stderr: Buffer;
}

/** The host's end of the line to process 1 of a guest. */
export class GuestControl {
  readonly #machine: Machine;
  readonly #waiting: { word: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  #failure: Error | undefined;
  #end: AgentEnd | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
    readLines(machine.controlOutput, (line) => this.#hear(line));
    void machine.ended.then(({ detail }) => this.#fail(`the machine ended: ${detail}`));
  }

  /** How the agent ended, once the guest has said so. */
  get end(): AgentEnd | undefined {
    return this.#end;
  }

  /** Resolves when the agent waits for work, or has ended. Rejects with `sandbox_unavailable` when it could not be started. */
  async idle(): Promise<void> {
    await this.#expect("idle").catch((error: unknown) => {
      if (!this.#end) throw error;
    });
  }

  /** Gives a copy of a machine the time of day and randomness of its own, and waits until its agent has prepared itself. */
  async refresh(nowMs: number): Promise<void> {
    const seconds = Math.floor(nowMs / 1000);
    await this.#command(`clock ${seconds} ${Math.floor((nowMs - seconds * 1000) * 1_000_000)}`);
    await this.#command(`entropy ${randomBytes(ENTROPY_BYTES).toString("hex")}`);
    const idle = this.idle();
    this.#machine.input.write("\n");
    this.#machine.controlInput.write("wake\n");
    await idle;
  }

  async #command(line: string): Promise<void> {
    const answered = this.#expect("ok");
    this.#machine.controlInput.write(`${line}\n`);
    await answered;
  }

  #expect(word: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else this.#waiting.push({ word, resolve, reject });
    });
  }

  #hear(line: string): void {
    const [word = "", ...rest] = line.split(" ");
    if (word === "end") this.#end ??= parseEnd(rest);
    if (word === "end") this.#fail(`the agent has ended: ${describeEnd(this.#end)}`);
    else if (word === "failed") this.#fail(`the guest could not be prepared: ${rest.join(" ")}`);
    else if (word === this.#waiting[0]?.word) this.#waiting.shift()?.resolve();
  }

  #fail(text: string): void {
    this.#failure ??= new OptimizerError("sandbox_unavailable", {
      detail: "the machine did not become ready",
      cause: new Error(text),
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

/** A line for the log. Written by the guest in part, so without control characters. */
export function describeEnd(end: AgentEnd | undefined): string {
  if (!end) return "without a word";
  const text = end.stderr.toString("utf8").replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
  const how = end.how === "exit" ? `exit code ${end.number}` : `signal ${end.number}`;
  return `${how}${end.outOfMemory > 0 ? ", out of memory" : ""}${text.trim() ? `; stderr: ${text.trim()}` : ""}`;
}

function parseEnd([how, number, , outOfMemory, , stderr]: readonly string[]): AgentEnd {
  return {
    how: how === "signal" ? "signal" : "exit",
    number: Number(number) || 0,
    outOfMemory: Number(outOfMemory) || 0,
    stderr: Buffer.from(stderr ?? "", "hex"),
  };
}
