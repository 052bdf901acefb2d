import type { Log } from "@mcp-optimizer/contracts";
import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { SeccompKind } from "./bubblewrap/seccomp-kind.ts";
import { openCgroupTree } from "./cgroup/open-cgroup-tree.ts";
import { newGuestLabel } from "./guest/guest-label.ts";
import { createGuestUsers } from "./guest/guest-user.ts";
import { ProcessLauncher } from "./guest/process-launcher.ts";
import { GuestRuntimes } from "./runtime/guest-runtimes.ts";

/** Pythons that are tried when none is given. */
export const DEFAULT_PYTHONS: readonly string[] = ["python3", "/usr/bin/python3", "/usr/local/bin/python3"];

/** How guests in processes are started. */
export interface ProcessGuestOptions {
  /** Node of the guests. Default: the one that runs this. */
  readonly node?: string;
  /** Python of the guests. Default: the first usable of `python3`, `/usr/bin/python3` and `/usr/local/bin/python3`. */
  readonly python?: string;
  /** User of all guests, when this process is root. Default: an id of its own for each guest. Never 0. */
  readonly uid?: number;
  /** Processors that one guest may keep busy. Default 1. */
  readonly cpus?: number;
  /** `none` does without cgroups even where they could be made: limits are then soft. Default `auto`. */
  readonly cgroups?: "auto" | "none";
  readonly log?: Log;
}

/** Options of {@link createSeccompLauncher}. */
export interface SeccompLauncherOptions extends ProcessGuestOptions {
  /** Bubblewrap to use. Default `bwrap`. */
  readonly bubblewrap?: string;
}

/**
 * Guests in processes behind bubblewrap: namespaces of their own, a read-only root without /proc, no network, and a filter that
 * lets through only the system calls that Node and Python need. Throws `config_invalid` for a `uid` of 0.
 */
export function createSeccompLauncher(options: SeccompLauncherOptions = {}): GuestLauncher {
  const runtimes = new GuestRuntimes({
    node: options.node ?? process.execPath,
    pythons: options.python === undefined ? DEFAULT_PYTHONS : [options.python],
    otherUser: process.getuid?.() === 0,
    copyName: newGuestLabel("seccomp"),
  });
  const cpus = options.cpus ?? 1;
  return new ProcessLauncher({
    kind: new SeccompKind({ bubblewrap: options.bubblewrap ?? "bwrap", runtimes }),
    users: createGuestUsers(options.uid),
    cpus,
    openCgroups: () => (options.cgroups === "none" ? Promise.resolve(undefined) : openCgroupTree(cpus)),
    log: options.log ?? (() => undefined),
  });
}
