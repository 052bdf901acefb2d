import { OptimizerError, type Clock, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent, GuestChannel, GuestEnd, GuestLauncher } from "../guest-launcher.ts";
import { parseGuestJson } from "../parse-guest-json.ts";
import { MessageReader } from "./message-reader.ts";

/** The longest that an agent may take to say that it is ready: machines without hardware virtualisation are slow. */
const READY_MS = 60_000;
/** The longest that a started agent may take to say that it still is. */
const STILL_READY_MS = 10_000;
const READY_BYTES = 4_096;
const QUESTION = "{}\n";

/** What a guest used. */
export interface GuestUse {
  readonly cpuMs?: number;
  readonly memoryBytes?: number;
}

/** What it takes to start a guest. */
export interface GuestOpening {
  readonly launcher: GuestLauncher;
  readonly agent: GuestAgent;
  readonly resources: GuestResources;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A guest whose agent is ready for a program. */
export class OpenGuest {
  readonly channel: GuestChannel;
  readonly reader: MessageReader;
  /** Whether its agent takes another program after this one. */
  readonly reusable: boolean;
  /** Programs that it was given. */
  runs = 0;
  /** Told of the guest's end; one at a time. */
  onEnd: ((end: GuestEnd) => void) | undefined;
  readonly #agent: GuestAgent;
  readonly #clock: Clock;
  #end: GuestEnd | undefined;
  #cpuBefore: Promise<number> = Promise.resolve(0);

  constructor(channel: GuestChannel, agent: GuestAgent, clock: Clock) {
    this.channel = channel;
    this.reusable = agent.reusable ?? false;
    this.#agent = agent;
    this.#clock = clock;
    this.reader = new MessageReader(channel.output, READY_BYTES);
    channel.input.on("error", () => undefined);
    void this.#watch();
  }

  /** How it ended, when it has. */
  get end(): GuestEnd | undefined {
    return this.#end;
  }

  /** What comes from here on is a program's: the start of the agent, and earlier programs, are not counted. */
  begin(): void {
    this.runs++;
    if (this.reusable) {
      this.#measureBefore();
    }
  }

  /** What the program used until now. */
  async usage(): Promise<GuestUse> {
    const [before, used] = await Promise.all([this.#cpuBefore, this.channel.usage()]);
    return used.cpuMs === undefined ? used : { ...used, cpuMs: Math.max(0, used.cpuMs - before) };
  }

  /** What the guest used since its start, in milliseconds of CPU time. */
  async cpuMs(): Promise<number> {
    return (await this.channel.usage().catch(() => undefined))?.cpuMs ?? 0;
  }

  /** Whether a guest that waits answers. */
  async isWell(): Promise<boolean> {
    this.channel.input.write(QUESTION);
    return await this.saysReady(STILL_READY_MS);
  }

  /** Whether the next message says that the agent is ready. A guest that says nothing in time is ended. */
  async saysReady(withinMs: number = STILL_READY_MS): Promise<boolean> {
    this.reader.maxBytes = READY_BYTES;
    const cancel = this.#clock.schedule(withinMs, () => this.#kill());
    try {
      const said = await this.reader.next();
      return said !== undefined && (await isReady(said, this.#agent.language));
    } catch {
      return false;
    } finally {
      cancel();
    }
  }

  /** Waits for the agent's first word. Rejects when it is another, or none. */
  async start(signal: AbortSignal): Promise<void> {
    const kill = (): void => this.#kill();
    signal.addEventListener("abort", kill);
    try {
      if (signal.aborted || !(await this.saysReady(READY_MS))) {
        throw new Error("The agent did not say that it is ready.");
      }
      this.#measureBefore();
      await this.#cpuBefore;
    } finally {
      signal.removeEventListener("abort", kill);
    }
  }

  async #watch(): Promise<void> {
    this.#end = await this.channel.ended;
    this.onEnd?.(this.#end);
  }

  #measureBefore(): void {
    this.#cpuBefore = this.cpuMs();
  }

  #kill(): void {
    this.channel.kill().catch(() => undefined);
  }
}

/** Launches a guest and waits until its agent is ready. Rejects with `sandbox_unavailable`, `cancelled` or `shutting_down`; nothing is left then. */
export async function openGuest(opening: GuestOpening): Promise<OpenGuest> {
  const { launcher, agent, resources, clock, signal } = opening;
  const channel = await launcher.launch(agent, resources, signal);
  const guest = new OpenGuest(channel, agent, clock);
  try {
    await guest.start(signal);
    if (signal.aborted) {
      throw new OptimizerError("cancelled");
    }
    return guest;
  } catch (error) {
    await channel.kill().catch(() => undefined);
    if (signal.aborted) {
      throw new OptimizerError("cancelled", { cause: error });
    }
    const { reason = "no end", detail = "nothing said" } = guest.end ?? {};
    throw new OptimizerError("sandbox_unavailable", {
      detail: "a guest started, but its agent did not; the log says why",
      cause: new Error(`${launcher.name}: ${reason}: ${detail}`, { cause: error }),
    });
  }
}

async function isReady(text: string, language: string): Promise<boolean> {
  const said = await parseGuestJson(text);
  return (
    typeof said === "object" &&
    said !== null &&
    !Array.isArray(said) &&
    said["ready"] === 1 &&
    said["language"] === language
  );
}
