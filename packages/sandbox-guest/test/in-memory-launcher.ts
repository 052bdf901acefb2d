import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";
import { PassThrough } from "node:stream";
import {
  NOTHING_ENFORCED,
  type GuestAgent,
  type GuestChannel,
  type GuestEnd,
  type GuestLauncher,
} from "../src/index.ts";

/** A guest in this process, whose agent is the test. */
export interface InMemoryGuest {
  readonly resources: GuestResources;
  /** What the agent writes. */
  say(text: string): void;
  /** What the host wrote until now. */
  readonly heard: () => string;
  end(end: GuestEnd): void;
  readonly killed: () => boolean;
}

/** A launcher whose guests are streams of this process; `behave` is what each does first. */
export class InMemoryLauncher implements GuestLauncher {
  readonly name = "basic";
  readonly guests: InMemoryGuest[] = [];
  disposed = false;
  sweeps = 0;
  readonly #behave: (guest: InMemoryGuest) => void;

  constructor(behave: (guest: InMemoryGuest) => void) {
    this.#behave = behave;
  }

  async probe(): ReturnType<GuestLauncher["probe"]> {
    return {
      available: true,
      versions: {},
      warnings: [],
      enforcement: NOTHING_ENFORCED,
      languages: ["javascript"],
    };
  }

  async launch(_agent: GuestAgent, resources: GuestResources, signal?: AbortSignal): Promise<GuestChannel> {
    if (signal?.aborted === true) {
      throw new OptimizerError("cancelled");
    }
    const input = new PassThrough();
    const output = new PassThrough();
    const { promise: ended, resolve } = Promise.withResolvers<GuestEnd>();
    let heard = "";
    let killed = false;
    input.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    const guest: InMemoryGuest = {
      resources,
      say: (text) => void output.write(text),
      heard: () => heard,
      end: (end) => {
        output.end();
        resolve(end);
      },
      killed: () => killed,
    };
    this.guests.push(guest);
    this.#behave(guest);
    return {
      input,
      output,
      ended,
      usage: async () => ({ cpuMs: 1 }),
      kill: async () => {
        killed = true;
        guest.end({ reason: "killed", detail: "" });
      },
    };
  }

  async sweep(): Promise<void> {
    this.sweeps++;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
