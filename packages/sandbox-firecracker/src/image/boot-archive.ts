import { posix } from "node:path";
import { OptimizerError, type GuestResources } from "@mcp-optimizer/contracts";
import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import type { Vmm } from "../vmm/vmm.ts";
import { packCpio, type CpioEntry } from "./cpio.ts";
import type { KernelModule } from "./kernel-modules.ts";

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;
const SECRET = 0o100600;
const GUEST_UID = 65_534;
/** One inode is some hundred bytes of kernel memory; a file per 25 KiB of disk is plenty. */
const BYTES_PER_INODE = 25 * 1024;
const MIN_INODES = 64;
const CONFIG_BYTES = 65_535;
const MAX_WORDS = 63;
const SAFE = /^[^\0\n]*$/;

/** What a machine finds in memory when its kernel has booted. */
export interface BootArchiveParts {
  readonly init: Buffer;
  readonly modules: readonly KernelModule[];
  readonly channel: Vmm["channel"];
  /** Files of the root that the agent runs from. */
  readonly programs: readonly string[];
  readonly agent: GuestAgent;
  readonly resources: GuestResources;
}

/** Packs process 1, drivers, the agent's files and their limits for one machine. Rejects an agent that cannot be packed. */
export function bootArchive(parts: BootArchiveParts): Buffer {
  const entries: CpioEntry[] = [{ path: "init", mode: PROGRAM, content: parts.init }];
  for (const path of ["dev", "proc", "root", "cgroup", "modules"]) entries.push({ path, mode: FOLDER });
  for (const { name, content } of parts.modules)
    entries.push({ path: `modules/${name}.ko`, mode: FILE, content });
  entries.push(...agentEntries(parts.agent));
  entries.push({ path: "mcpo.conf", mode: SECRET, content: config(parts) });
  return packCpio(entries);
}

function agentEntries(agent: GuestAgent): readonly CpioEntry[] {
  const folders = new Set(["guest"]);
  const files: CpioEntry[] = [];
  for (const [name, content] of Object.entries(agent.files)) {
    const path = posix.join("guest", name);
    if (!path.startsWith("guest/") || name.startsWith("/") || name.endsWith("/") || !SAFE.test(name)) {
      throw new OptimizerError("invalid_params", {
        detail: `an agent's file may not be named ${JSON.stringify(name)}`,
      });
    }
    const parents = path.split("/").slice(1, -1);
    for (const depth of parents.keys()) folders.add(posix.join("guest", ...parents.slice(0, depth + 1)));
    files.push({ path, mode: FILE, content });
  }
  return [...[...folders].map((path) => ({ path, mode: FOLDER })), ...files];
}

function config({ modules, channel, programs, agent, resources }: BootArchiveParts): string {
  const inodes = Math.max(MIN_INODES, Math.ceil(resources.diskBytes / BYTES_PER_INODE));
  const lines = [
    `channel=${channel}`,
    "drive=/dev/vda",
    `disk=${resources.diskBytes}`,
    `inodes=${inodes}`,
    `memory=${resources.memoryBytes}`,
    `processes=${resources.processes}`,
    `handles=${resources.fileHandles}`,
    `uid=${GUEST_UID}`,
    ...modules.map(({ name }) => `module=/modules/${name}.ko`),
    ...programs.map((path) => `preload=${path}`),
    ...["PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1"].map(
      (pair) => `env=${pair}`,
    ),
    ...agent.command.map((word) => `arg=${word}`),
  ];
  const text = `${lines.join("\n")}\n`;
  const fits = text.length <= CONFIG_BYTES && agent.command.length > 0 && agent.command.length <= MAX_WORDS;
  if (!fits || !agent.command.every((word) => SAFE.test(word))) {
    throw new OptimizerError("invalid_params", {
      detail: "the agent's command is empty, too long, or has a line break",
    });
  }
  return text;
}
