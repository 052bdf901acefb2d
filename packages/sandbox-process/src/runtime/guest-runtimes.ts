import { OptimizerError, type Language } from "@mcp-optimizer/contracts";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuestRuntime } from "./guest-runtime.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { pythonRuntime } from "./python-runtime.ts";
import { toolRuntime } from "./tool-runtime.ts";

/** Which interpreters guests get. */
export interface GuestRuntimesOptions {
  readonly node: string;
  /** Tried in order. */
  readonly pythons: readonly string[];
  readonly otherUser: boolean;
  readonly copyName: string;
}

/** This machine's interpreters for guests, each found once, when it is first needed. */
export class GuestRuntimes {
  readonly #options: GuestRuntimesOptions;
  #node: Promise<GuestRuntime> | undefined;
  #prlimit: Promise<GuestRuntime> | undefined;
  #python: ReturnType<typeof pythonRuntime> | undefined;

  constructor(options: GuestRuntimesOptions) {
    this.#options = options;
  }

  node(): Promise<GuestRuntime> {
    const { node: executable, otherUser, copyName } = this.#options;
    this.#node ??= nodeRuntime({ executable, otherUser, copyName }).catch((cause: unknown) => {
      this.#node = undefined;
      throw new OptimizerError("sandbox_unavailable", {
        detail: "the Node for guests cannot be used",
        cause,
      });
    });
    return this.#node;
  }

  /** Python, or why there is none. */
  python(): ReturnType<typeof pythonRuntime> {
    this.#python ??= pythonRuntime(this.#options.pythons, this.#options.otherUser);
    return this.#python;
  }

  /** The interpreter of a language. Rejects with `sandbox_unavailable`. */
  async of(language: Language): Promise<GuestRuntime> {
    if (language === "javascript") return this.node();
    const found = await this.python();
    if ("reason" in found) throw new OptimizerError("sandbox_unavailable", { detail: found.reason });
    return found;
  }

  /** A tool that sets limits, for guests that no cgroup holds. */
  prlimit(): Promise<GuestRuntime> {
    this.#prlimit ??= toolRuntime("prlimit");
    return this.#prlimit;
  }

  /** Versions by name; a language that cannot be had is a warning. */
  async describe(): Promise<{ versions: Record<string, string>; languages: Language[]; warnings: string[] }> {
    const node = await this.node();
    const python = await this.python();
    if ("reason" in python) {
      return { versions: { node: node.version }, languages: ["javascript"], warnings: [python.reason] };
    }
    return {
      versions: { node: node.version, python: python.version },
      languages: ["javascript", "python"],
      warnings: [],
    };
  }

  /** Removes the copy of Node, if one was made. */
  async dispose(): Promise<void> {
    await rm(join(tmpdir(), this.#options.copyName), { recursive: true, force: true });
  }
}
