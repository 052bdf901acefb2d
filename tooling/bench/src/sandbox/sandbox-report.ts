import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, cpus, totalmem } from "node:os";
import { createInterface } from "node:readline";
import { orReason, startSandboxServices, type ServedSandboxSettings } from "@mcp-optimizer/services";
import { SERVED_SETTINGS, type ContestantEntry } from "./contestant.ts";
import { CONTESTANTS } from "./contestants/index.ts";
import { ENGINE_CONTESTANTS } from "./engine/index.ts";
import { REPEATS, type Figures } from "./measure.ts";

/** One line of the report. */
export interface BackendFigures extends Figures {
  readonly name: string;
  readonly note: string;
}

/** What the benchmark says. */
export interface SandboxReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly platform: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  /** Repeats of each measurement. */
  readonly runs: number;
  /** A script in a sandbox, with host calls that this process answers. */
  readonly backends: readonly BackendFigures[];
  /** Sandboxes that could not be had here, and why. */
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
  /** A program with three calls to a real MCP server over stdio, through the whole product. */
  readonly engine: readonly BackendFigures[];
}

const PEERS = [
  "quickjs-wasi",
  "isolated-vm",
  "@utcp/code-mode",
  "@utcp/mcp",
  "@modelcontextprotocol/server-everything",
];

/** Measures every contestant whose name contains `only`, each in its own process, one after another. */
export async function measureSandboxes(only: string, say: (line: string) => void): Promise<SandboxReport> {
  const missing: { name: string; reason: string }[] = [];
  const measureAll = async (entries: readonly ContestantEntry[]): Promise<BackendFigures[]> => {
    const figures: BackendFigures[] = [];
    for (const { name, note, sandbox } of entries.filter((entry) => entry.name.includes(only))) {
      say(`measuring ${name} …`);
      const services = await orReason(() => startSandboxServices(sandbox ?? ""));
      if (services.reason !== undefined) {
        missing.push({ name, reason: services.reason });
        continue;
      }
      try {
        figures.push({ name, note, ...(await measureInChild(name, services.service.settings)) });
      } finally {
        await services.service.stop();
      }
    }
    return figures;
  };
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      platform: `${process.platform}-${process.arch}`,
    },
    versions: { node: process.versions.node, ...(await peerVersions()) },
    runs: REPEATS,
    backends: await measureAll(CONTESTANTS),
    missing,
    engine: await measureAll(ENGINE_CONTESTANTS),
  };
}

async function measureInChild(name: string, settings: ServedSandboxSettings): Promise<Figures> {
  const script = new URL("./measure-one.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, name], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, [SERVED_SETTINGS]: JSON.stringify(settings) },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    child.kill("SIGKILL");
    return JSON.parse(line) as Figures;
  }
  throw new Error(`Measuring ${name} failed.`);
}

async function peerVersions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url);
  const sandbox = createRequire(require.resolve("@mcp-optimizer/sandbox-wasi"));
  const entries = PEERS.map(async (name) => {
    const from = name === "quickjs-wasi" ? sandbox : require;
    const folder = from.resolve.paths(name)?.map((path) => `${path}/${name}/package.json`) ?? [];
    for (const file of folder) {
      const manifest = await readFile(file, "utf8").catch(() => undefined);
      if (manifest !== undefined) {
        return [name, (JSON.parse(manifest) as { version: string }).version];
      }
    }
    return [name, "unknown"];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}
