import { OptimizerError } from "@mcp-optimizer/contracts";
import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { ensureAgentImage } from "./image/agent-image.ts";
import { findGuestImage, type GuestImage } from "./image/guest-image.ts";
import { ensureLocalGuestImage } from "./image/local-guest-image.ts";

/** The images of one launcher, looked for or made once. A failure is not remembered. */
export class GuestImages {
  readonly #engine: ContainerEngine;
  readonly #reference: string | undefined;
  readonly #labels: Readonly<Record<string, string>>;
  #base: Promise<GuestImage> | undefined;
  #agents = new WeakMap<GuestAgent, Promise<string>>();

  /** Without a reference, the base image is made of this machine's Node and Python. */
  constructor(
    engine: ContainerEngine,
    reference: string | undefined,
    labels: Readonly<Record<string, string>>,
  ) {
    this.#engine = engine;
    this.#reference = reference;
    this.#labels = labels;
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
    if (this.#reference === undefined) return ensureLocalGuestImage(this.#engine);
    const found = await findGuestImage(this.#engine, this.#reference);
    if (found) return found;
    const detail = `the container daemon has no image ${this.#reference}; build or load it`;
    throw new OptimizerError("sandbox_unavailable", { detail });
  }

  async #addAgent(agent: GuestAgent): Promise<string> {
    const base = await this.base();
    if (base.versions[agent.language] === undefined) {
      throw new OptimizerError("sandbox_unavailable", {
        detail: `the image ${base.reference} has no ${agent.language}`,
      });
    }
    return ensureAgentImage(this.#engine, base, agent, this.#labels);
  }
}
