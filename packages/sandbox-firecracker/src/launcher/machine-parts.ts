import { access, constants } from "node:fs/promises";
import { pythonRuntime } from "../image/python-runtime.ts";
import { kernelVersion } from "../image/kernel-version.ts";
import { runCommand } from "../host/run-command.ts";
import type { HostUsers } from "../host/host-user.ts";

const COMMAND_MS = 10_000;

/** A Linux kernel for guests. */
export interface GuestKernel {
  /** The kernel's image. */
  readonly image: string;
  /** Folder with its modules, searched through; absent when it has all drivers built in. */
  readonly modules?: string;
}

/** What machines are made from, with every default filled in. */
export interface MachineParts {
  readonly kernel: GuestKernel | undefined;
  readonly node: string;
  readonly python: string | undefined;
  readonly compiler: string;
  readonly cacheFolder: string;
  readonly runFolder: string;
  readonly users: HostUsers;
  /** Longest time from launch to an agent that waits for work, in milliseconds. */
  readonly bootMs: number;
  /** Whether agents that allow it start as copies of a machine that was booted before. */
  readonly copies: boolean;
}

/** Looks for what machines are made from. `reason` says what is missing and what to do. */
export async function probeParts(
  parts: MachineParts,
): Promise<{ reason?: string; versions: Readonly<Record<string, string>> }> {
  const { kernel } = parts;
  if (!kernel)
    return { reason: "No kernel for guests is configured. Name its image, and its modules.", versions: {} };
  const versions: Record<string, string> = {};
  try {
    versions["kernel"] = await kernelVersion(kernel.image);
    if (kernel.modules !== undefined) await access(kernel.modules, constants.R_OK);
  } catch {
    return { reason: `The guest kernel ${kernel.image}, or its modules, cannot be read.`, versions };
  }
  const commands: readonly (readonly [command: string, args: readonly string[], debian: string])[] = [
    ["prlimit", ["--version"], "util-linux"],
    ["setpriv", ["--version"], "util-linux"],
    [parts.compiler, ["--version"], "gcc libc6-dev"],
    ["/sbin/mke2fs", ["-V"], "e2fsprogs"],
  ];
  for (const [command, args, debian] of commands) {
    const works = await runCommand(command, args, { timeoutMs: COMMAND_MS }).then(
      () => true,
      () => false,
    );
    if (!works)
      return {
        reason: `${command} cannot be run. On Debian: sudo apt-get install --yes ${debian}`,
        versions,
      };
  }
  try {
    versions["node"] = (await runCommand(parts.node, ["--version"], { timeoutMs: COMMAND_MS }))
      .trim()
      .replace(/^v/, "");
    if (parts.python !== undefined) versions["python"] = (await pythonRuntime(parts.python)).version;
  } catch (error) {
    return {
      reason: `A guest's runtime cannot be run: ${error instanceof Error ? error.message : "unknown"}`,
      versions,
    };
  }
  return { versions };
}
