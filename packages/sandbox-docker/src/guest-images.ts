import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { ensureAgentImage } from "./image/agent-image.ts";
import { buildAdvice } from "./image/build-advice.ts";
import { findGuestImage, type GuestImage } from "./image/guest-image.ts";
import { ensureLocalGuestImage } from "./image/local-guest-image.ts";

/** What the images of a launcher are made from. */
export interface GuestImageOptions {
  readonly engine: ContainerEngine;
  /** Without one, the base image is made of this machine's Node and Python. */
  readonly reference: string | undefined;
  /** Mark the containers that are used to make images. */
  readonly labels: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** The images of one launcher, looked for or made once. A failure is not remembered. */
export class GuestImages {
  readonly #options: GuestImageOptions;
  #base: Promise<GuestImage> | undefined;
  #agents = new WeakMap<GuestAgent, Promise<string>>();

  constructor(options: GuestImageOptions) {
    this.#options = options;
  }

  /** The image with the languages. */
  base(): Promise<GuestImage> {
    this.#base ??= this.#findBase().catch((error: unknown) => {
      this.#base = undefined;
      throw error;
    });
    return this.#base;
  }

  /** Name of the image with the agent's files. */
  withAgent(agent: GuestAgent): Promise<string> {
    const known = this.#agents.get(agent);
    if (known) return known;
    const made = this.#addAgent(agent).catch((error: unknown) => {
      this.#agents.delete(agent);
      throw error;
    });
    this.#agents.set(agent, made);
    return made;
  }

  /** Looks again at the next question, as when an image was removed from outside. */
  forget(): void {
    this.#base = undefined;
    this.#agents = new WeakMap();
  }

  async #findBase(): Promise<GuestImage> {
    const { engine, reference, log } = this.#options;
    if (reference === undefined) return ensureLocalGuestImage(engine, { log });
    const found = await findGuestImage(engine, reference);
    if (!found) {
      const detail = `the container daemon has no image ${reference}; ${buildAdvice(reference)}`;
      throw new OptimizerError("sandbox_unavailable", { detail });
    }
    const { architecture } = await engine.version();
    if (found.architecture === architecture) return found;
    const detail = `the image ${reference} is for ${found.architecture}, and the daemon's machine is ${architecture}; ${buildAdvice(reference)}`;
    throw new OptimizerError("sandbox_unavailable", { detail });
  }

  async #addAgent(agent: GuestAgent): Promise<string> {
    const base = await this.base();
    if (base.versions[agent.language] === undefined) {
      throw new OptimizerError("sandbox_unavailable", {
        detail: `the image ${base.reference} has no ${agent.language}`,
      });
    }
    return ensureAgentImage(this.#options.engine, base, agent, this.#options.labels);
  }
}
