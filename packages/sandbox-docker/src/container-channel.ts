import type { GuestResources } from "@mcp-optimizer/contracts";
import type { AttachedStreams, EngineContainer } from "@mcp-optimizer/docker-engine";
import { CpuWatch, type GuestChannel, type GuestEnd, type TextTail } from "@mcp-optimizer/sandbox-guest";
import type { Readable, Writable } from "node:stream";
import { ContainerMeter } from "./container-meter.ts";
import { cpuLimitSeconds } from "./container-spec.ts";
import { guestEnd } from "./guest-end.ts";

/** How long output that is left may wait for a reader once the guest is to be removed. */
const UNREAD_LIMIT_MS = 2000;

/** A started container and what it may use. */
export interface ContainerChannelOptions {
  readonly container: EngineContainer;
  readonly streams: AttachedStreams;
  /** Ends and removes the container. */
  readonly remove: () => Promise<void>;
  readonly stderr: TextTail;
  readonly resources: GuestResources;
  readonly cpus: number;
  /** Whether the daemon's figure for memory means anything: under gVisor it does not. */
  readonly tellsMemory: boolean;
}

/** The channel to a guest in a container. It removes the container when the guest ends. */
export class ContainerChannel implements GuestChannel {
  readonly input: Writable;
  readonly output: Readable;
  readonly ended: Promise<GuestEnd>;
  readonly #options: ContainerChannelOptions;
  readonly #watch: CpuWatch;
  readonly #meter: ContainerMeter;
  readonly #startedAt = performance.now();
  #killedFor: "killed" | "cpu" | undefined;
  #removal: Promise<void> | undefined;
  readonly #removed = Promise.withResolvers<boolean>();

  constructor(options: ContainerChannelOptions) {
    this.#options = options;
    this.input = options.streams.input;
    this.output = options.streams.output;
    this.#meter = new ContainerMeter(options.container);
    this.#watch = new CpuWatch({
      limitMs: options.resources.cpuMs,
      cpus: options.cpus,
      measure: async () => (await this.#meter.read())?.cpuMs,
      onExceeded: () => {
        this.#killedFor ??= "cpu";
        this.#remove().catch(() => undefined);
      },
    });
    this.ended = this.#end();
  }

  async usage(): Promise<{ cpuMs?: number; memoryBytes?: number }> {
    const used = await this.#meter.read();
    if (!used) return {};
    return { cpuMs: used.cpuMs, ...(this.#options.tellsMemory && { memoryBytes: used.memoryBytes }) };
  }

  /** Rejects when the daemon is lost, since the container may go on; a later sweep removes it. */
  async kill(): Promise<void> {
    this.#watch.stop();
    if (await this.#mayRun()) this.#killedFor ??= "killed";
    // The daemon sees no end of a container whose output nobody takes.
    this.#options.streams.destroy();
    await this.#remove();
    await this.ended;
  }

  /** A guest that has just ended by itself is to be told so, not as killed. */
  async #mayRun(): Promise<boolean> {
    if (this.#killedFor !== undefined) return true;
    const state = await this.#options.container.state().catch(() => undefined);
    return state?.running !== false;
  }

  async #end(): Promise<GuestEnd> {
    const { container, stderr, resources } = this.#options;
    // A daemon under load may miss the end of a container that it removes: then it never answers who waits.
    const seen = await Promise.race([container.waitForEnd(), this.#removed.promise]);
    this.#watch.stop();
    const elapsedMs = performance.now() - this.#startedAt;
    const state =
      seen && this.#killedFor === undefined ? await container.state().catch(() => undefined) : undefined;
    const end = guestEnd({
      killedFor: this.#killedFor,
      seen,
      state,
      cpuLimitPossible: elapsedMs * this.#options.cpus >= cpuLimitSeconds(resources) * 1000,
      stderr: stderr.toString(),
    });
    // Lost or not: what may still be there is not to go on.
    this.#remove().catch(() => undefined);
    return end;
  }

  #remove(): Promise<void> {
    if (this.#removal) return this.#removal;
    const timer = setTimeout(() => this.#options.streams.destroy(), UNREAD_LIMIT_MS).unref();
    this.#removal = this.#options.remove().then(
      () => this.#removed.resolve(true),
      (error: unknown) => {
        this.#removal = undefined;
        throw error;
      },
    );
    void this.#removal.finally(() => clearTimeout(timer)).catch(() => undefined);
    return this.#removal;
  }
}
