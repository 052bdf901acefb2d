import type { GuestResources } from "@mcp-optimizer/contracts";
import { createHash } from "node:crypto";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import type { MachineTemplate } from "../vmm/vmm.ts";

const MOST = 4;

/** A captured machine, what its agent wrote before it was stopped, and how to remove it. */
export interface GuestTemplate {
  readonly machine: MachineTemplate;
  readonly written: Buffer;
  readonly remove: () => Promise<void>;
}

interface Entry {
  readonly template: Promise<GuestTemplate>;
  users: number;
}

/** Keeps the templates last used, one for each agent and size of machine. */
export class GuestTemplates {
  readonly #entries = new Map<string, Entry>();

  /** Calls `use` with the template of this kind, captured by `capture` when there is none. A failed capture is not kept. */
  async use<T>(
    key: string,
    capture: () => Promise<GuestTemplate>,
    use: (template: GuestTemplate) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entries.get(key) ?? { template: capture(), users: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return await use(
        await entry.template.catch((error: unknown) => {
          if (this.#entries.get(key) === entry) this.#entries.delete(key);
          throw error;
        }),
      );
    } finally {
      entry.users -= 1;
      await this.#shrink();
    }
  }

  async #shrink(): Promise<void> {
    for (const [key, { users, template }] of this.#entries) {
      if (this.#entries.size <= MOST) return;
      if (users > 0) continue;
      this.#entries.delete(key);
      await (await template).remove();
    }
  }
}

/** What two machines must share to be copies of one. Time is the host's to limit, so it is not part of it. */
export function templateKey(agent: GuestAgent, resources: GuestResources): string {
  const { memoryBytes, diskBytes, processes, fileHandles } = resources;
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([agent.language, agent.command, memoryBytes, diskBytes, processes, fileHandles]),
  );
  for (const [name, content] of Object.entries(agent.files)) {
    hash.update(JSON.stringify([name, content.length])).update(content);
  }
  return hash.digest("hex");
}
