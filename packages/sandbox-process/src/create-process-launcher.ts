import type { Log } from "@mcp-optimizer/contracts";
import { openCgroupTree } from "./cgroup/open-cgroup-tree.ts";
import { newGuestLabel } from "./guest/guest-label.ts";
import { createGuestUsers, type GuestUsers } from "./guest/guest-user.ts";
import type { ProcessKind } from "./guest/process-kind.ts";
import { ProcessLauncher } from "./guest/process-launcher.ts";
import { GuestRuntimes } from "./runtime/guest-runtimes.ts";

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

const PYTHONS: readonly string[] = ["python3", "/usr/bin/python3", "/usr/local/bin/python3"];

/** What a kind is made of. */
export interface KindParts {
  readonly runtimes: GuestRuntimes;
  readonly users: GuestUsers;
  readonly log: Log;
}

/** Makes a launcher of one kind. Throws `config_invalid` for a `uid` of 0. */
export function createProcessLauncher(
  name: ProcessKind["name"],
  options: ProcessGuestOptions,
  makeKind: (parts: KindParts) => ProcessKind,
): ProcessLauncher {
  const { python, cpus = 1, log = () => undefined } = options;
  const users = createGuestUsers(options.uid);
  const runtimes = new GuestRuntimes({
    node: options.node ?? process.execPath,
    pythons: python === undefined ? PYTHONS : [python],
    otherUser: process.getuid?.() === 0,
    copyName: newGuestLabel(name),
  });
  const openCgroups = () => (options.cgroups === "none" ? Promise.resolve(undefined) : openCgroupTree(cpus));
  return new ProcessLauncher({ kind: makeKind({ runtimes, users, log }), users, cpus, openCgroups, log });
}
