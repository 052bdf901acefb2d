import type { EngineContainer } from "@mcp-optimizer/docker-engine";
import { findCgroupUsage, type CgroupUsage } from "./cgroup-usage.ts";

/** Measures one running container: by its cgroup where that is on this machine, otherwise by asking the daemon. */
export class ContainerMeter {
  readonly #container: EngineContainer;
  #fast: Promise<(() => Promise<CgroupUsage>) | undefined> | undefined;

  constructor(container: EngineContainer) {
    this.#container = container;
  }

  /** `undefined` when the container does not run, or the daemon does not answer. */
  async read(): Promise<CgroupUsage | undefined> {
    this.#fast ??= this.#find();
    const fast = await this.#fast;
    const used = await fast?.().catch(() => undefined);
    return used ?? this.#container.usage().catch(() => undefined);
  }

  async #find(): Promise<(() => Promise<CgroupUsage>) | undefined> {
    const state = await this.#container.state().catch(() => undefined);
    return state?.running === true ? findCgroupUsage(state.pid, this.#container.id) : undefined;
  }
}
