import type { GuestAgent, GuestResources } from "@mcp-optimizer/sandbox-guest";
import { posix } from "node:path";
import type { GuestRuntime } from "../runtime/guest-runtime.ts";

/** A file for the guest that bubblewrap reads from a descriptor. */
export interface DescriptorFile {
  readonly descriptor: number;
  readonly path: string;
}

/** What a guest's walls are made of. */
export interface BubblewrapPlan {
  readonly runtimes: readonly GuestRuntime[];
  readonly resources: GuestResources;
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly DescriptorFile[];
  readonly filterDescriptor: number;
  readonly statusDescriptor: number;
}

/** The user that a guest takes itself for. */
const NOBODY = "65534";
const DEVICES = ["null", "zero", "random", "urandom"];

/**
 * The options of bubblewrap 0.8 or later, all but the command. There is no /proc: it would show arguments, mounts and settings of the host, and neither
 * Node nor Python needs it.
 */
export function bubblewrapArguments(plan: BubblewrapPlan): string[] {
  const binds = new Map(plan.runtimes.flatMap(({ binds }) => binds.map(({ source, target }) => [target, source])));
  return [
    ...["--unshare-all", "--unshare-user", "--disable-userns", "--uid", NOBODY, "--gid", NOBODY],
    ...["--hostname", "guest", "--new-session", "--die-with-parent", "--clearenv"],
    ...Object.entries(plan.environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...["--json-status-fd", String(plan.statusDescriptor), "--seccomp", String(plan.filterDescriptor)],
    ...[...binds].flatMap(([target, source]) => ["--ro-bind", source, target]),
    ...plan.runtimes.flatMap(({ hidden }) => hidden.flatMap((path) => ["--tmpfs", path, "--remount-ro", path])),
    ...DEVICES.flatMap((name) => ["--dev-bind", `/dev/${name}`, `/dev/${name}`]),
    ...["--perms", "1777", "--size", String(plan.resources.diskBytes), "--tmpfs", "/tmp"],
    ...plan.files.flatMap(({ descriptor, path }) => ["--perms", "0444", "--file", String(descriptor), path]),
    ...["--chdir", "/tmp", "--remount-ro", "/"],
  ];
}

/** Files that a program expects on any system. */
export const SYSTEM_FILES: Readonly<Record<string, string>> = {
  "/etc/passwd": `nobody:x:${NOBODY}:${NOBODY}:nobody:/tmp:/usr/sbin/nologin\n`,
  "/etc/group": `nogroup:x:${NOBODY}:\n`,
};

/** The agent's files by their place in the guest. Names that lead out of /guest are refused with a `RangeError`. */
export function agentFiles(files: GuestAgent["files"]): [path: string, content: string | Uint8Array][] {
  return Object.entries(files).map(([name, content]) => {
    const path = posix.join("/guest", name);
    if (!path.startsWith("/guest/") || path.includes("\0")) throw new RangeError(`"${name}" is no name below /guest.`);
    return [path, content];
  });
}
