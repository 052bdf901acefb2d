import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createHostUsers, type HostUser } from "./host/host-user.ts";
import type { GuestKernel, MachineParts } from "./launcher/machine-parts.ts";

/** What a launcher of micro-VMs takes, whatever runs them. */
export interface VmLauncherOptions {
  readonly kernel?: GuestKernel;
  /** Node's program for guests. Default: the one that runs us. */
  readonly node?: string;
  /** Python for guests, or `false` for none. Default `/usr/bin/python3`. */
  readonly python?: string | false;
  /** C compiler, used once to build the guest's process 1. Default `cc`. */
  readonly compiler?: string;
  /** Keeps built images between runs. Default: the user's cache folder, and `/var/cache/mcp-optimizer` for root. */
  readonly cacheFolder?: string;
  /** Holds what running machines need. Default: a folder in the system's folder for temporary files. */
  readonly runFolder?: string;
  /**
   * Whom all machines run as; not root. Default: when we are root, each machine as a user of its own without a name, or `nobody` where
   * ids are too few; else our own user.
   */
  readonly user?: HostUser;
  /**
   * Whether agents that are `clonable` start as copies of a machine that was booted once, where the monitor can (QEMU). Default `true`.
   */
  readonly copies?: boolean;
  /** Longest time to an agent that waits for work, in milliseconds. Default 60,000. */
  readonly bootMs?: number;
}

/** Fills in the defaults. */
export function machineParts(options: VmLauncherOptions): MachineParts {
  const ownUid = process.getuid?.() ?? -1;
  const cache = ownUid === 0 ? "/var/cache/mcp-optimizer/vm" : join(homedir(), ".cache/mcp-optimizer/vm");
  return {
    kernel: options.kernel,
    node: options.node ?? process.execPath,
    python: options.python === false ? undefined : (options.python ?? "/usr/bin/python3"),
    compiler: options.compiler ?? "cc",
    cacheFolder: options.cacheFolder ?? cache,
    runFolder: options.runFolder ?? join(tmpdir(), `mcp-optimizer-vm-${ownUid}`),
    users: createHostUsers(options.user, ownUid),
    bootMs: options.bootMs ?? 60_000,
    copies: options.copies ?? true,
  };
}
