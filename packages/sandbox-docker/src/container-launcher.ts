import { OptimizerError, type Log, type GuestResources } from "@mcp-optimizer/contracts";
import { engineFault, type ContainerEngine } from "@mcp-optimizer/docker-engine";
import {
  checkResources,
  ownerText,
  type GuestAgent,
  type GuestChannel,
  type GuestLauncher,
  type LauncherProbe,
} from "@mcp-optimizer/sandbox-guest";
import { randomUUID } from "node:crypto";
import type { ContainerKind } from "./container-kind.ts";
import { containerSpec } from "./container-spec.ts";
import { GuestImages } from "./guest-images.ts";
import { OWNER_LABEL, SANDBOX_LABEL } from "./guest-labels.ts";
import { checkEngine, describeEngine, unavailable } from "./probe-engine.ts";
import { seccompProfile } from "./seccomp/seccomp-profile.ts";
import { startContainer } from "./start-container.ts";
import { sweepContainers } from "./sweep-containers.ts";

/** What a launcher of containers needs. */
export interface ContainerLauncherOptions {
  readonly kind: ContainerKind;
  readonly engine: ContainerEngine;
  /** Closes the engine too, when it was made for this launcher. */
  readonly ownsEngine: boolean;
  readonly image: string | undefined;
  readonly cpus: number;
  readonly maxGuestAgeMs: number;
  readonly log: Log;
}

/** Starts every guest in a container of its own. */
export class ContainerLauncher implements GuestLauncher {
  readonly name: string;
  readonly #options: ContainerLauncherOptions;
  readonly #images: GuestImages;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #live = new Set<GuestChannel>();
  readonly #launching = new Set<Promise<unknown>>();
  /** Names of containers that could not be removed, as when the daemon was lost. */
  readonly #left = new Set<string>();
  readonly #closing = new AbortController();
  #profile: Promise<string | undefined> | undefined;

  constructor(options: ContainerLauncherOptions) {
    this.#options = options;
    this.name = options.kind;
    this.#labels = { [SANDBOX_LABEL]: options.kind, [OWNER_LABEL]: ownerText() };
    const { engine, image: reference, log } = options;
    this.#images = new GuestImages({ engine, reference, labels: this.#labels, log });
  }

  /** Makes the image too, where it is made locally: the first probe of a machine takes some seconds. */
  async probe(): Promise<LauncherProbe> {
    try {
      const version = await this.#options.engine.version();
      checkEngine(this.#options.kind, version);
      this.#images.forget();
      return describeEngine(this.#options.kind, version, await this.#images.base());
    } catch (error) {
      this.#options.log({ level: "warn", message: `${this.name}: not available`, cause: error });
      return unavailable(OptimizerError.is(error) ? error.message : "the probe failed; the log says why");
    }
  }

  async launch(agent: GuestAgent, resources: GuestResources, signal?: AbortSignal): Promise<GuestChannel> {
    if (this.#closing.signal.aborted) throw new OptimizerError("shutting_down");
    if (signal?.aborted) throw new OptimizerError("cancelled");
    checkResources(resources);
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const launched = this.#launch(agent, resources, stop);
    this.#launching.add(launched);
    try {
      const channel = await launched;
      this.#live.add(channel);
      void channel.ended.then(() => this.#live.delete(channel));
      // A daemon that starts a guest is back.
      this.#removeLeft().catch(() => undefined);
      return channel;
    } catch (error) {
      if (signal?.aborted) throw new OptimizerError("cancelled", { cause: error });
      if (this.#closing.signal.aborted) throw new OptimizerError("shutting_down", { cause: error });
      throw error;
    } finally {
      this.#launching.delete(launched);
    }
  }

  async sweep(): Promise<void> {
    await this.#removeLeft();
    await sweepContainers(this.#options.engine, this.name, this.#options.maxGuestAgeMs, Date.now());
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#launching);
    const ends = await Promise.allSettled([...this.#live].map((channel) => channel.kill()));
    await this.#removeLeft().catch(() => undefined);
    if (this.#options.ownsEngine) await this.#options.engine.dispose();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #launch(agent: GuestAgent, resources: GuestResources, stop: AbortSignal): Promise<GuestChannel> {
    try {
      return await this.#start(agent, resources, stop);
    } catch (error) {
      if (engineFault(error) !== "image_missing") throw error;
      this.#images.forget();
      return this.#start(agent, resources, stop);
    }
  }

  async #start(agent: GuestAgent, resources: GuestResources, stop: AbortSignal): Promise<GuestChannel> {
    const { kind, engine, cpus } = this.#options;
    const seccomp = await this.#seccomp();
    const image = await this.#images.withAgent(agent);
    const name = `mcp-optimizer-${kind}-${randomUUID()}`;
    const labels = this.#labels;
    return startContainer({
      engine,
      spec: containerSpec({ kind, name, image, agent, resources, labels, cpus, seccompProfile: seccomp }),
      resources,
      tellsMemory: kind === "docker",
      remove: () => this.#remove(name),
      stop,
    });
  }

  async #removeLeft(): Promise<void> {
    await Promise.all([...this.#left].map((name) => this.#remove(name)));
  }

  async #remove(name: string): Promise<void> {
    const { engine, log } = this.#options;
    try {
      await engine.container(name).remove();
      this.#left.delete(name);
    } catch (cause) {
      this.#left.add(name);
      log({ level: "error", message: `${name} could not be removed; a later sweep removes it`, cause });
      throw cause;
    }
  }

  /** Known once the daemon has been asked; it also refuses a daemon that cannot hold such guests. */
  #seccomp(): Promise<string | undefined> {
    const { kind, engine } = this.#options;
    this.#profile ??= engine
      .version()
      .then((version) => {
        checkEngine(kind, version);
        return kind === "docker" ? JSON.stringify(seccompProfile(version.architecture)) : undefined;
      })
      .catch((error: unknown) => {
        this.#profile = undefined;
        throw error;
      });
    return this.#profile;
  }
}
