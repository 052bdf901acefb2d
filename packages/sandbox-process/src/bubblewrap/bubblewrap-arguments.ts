import type { GuestResources } from "@mcp-optimizer/contracts";

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
  const binds = new Map(
    plan.runtimes.flatMap(({ binds }) => binds.map(({ source, target }) => [target, source])),
  );
  return [
    ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", NOBODY, "--gid", NOBODY],
    ["--hostname", "guest", "--new-session", "--die-with-parent", "--clearenv"],
    ...Object.entries(plan.environment).map(([name, value]) => ["--setenv", name, value]),
    ["--json-status-fd", String(plan.statusDescriptor), "--seccomp", String(plan.filterDescriptor)],
    ...[...binds].map(([target, source]) => ["--ro-bind", source, target]),
    ...plan.runtimes.flatMap(({ hidden }) => hidden.map((path) => ["--tmpfs", path, "--remount-ro", path])),
    ...DEVICES.map((name) => ["--dev-bind", `/dev/${name}`, `/dev/${name}`]),
    ["--perms", "1777", "--size", String(plan.resources.diskBytes), "--tmpfs", "/tmp"],
    ...plan.files.map(({ descriptor, path }) => ["--perms", "0444", "--file", String(descriptor), path]),
    ["--chdir", "/tmp", "--remount-ro", "/"],
  ].flat();
}

/** Files that a program expects on any system. */
export const SYSTEM_FILES: Readonly<Record<string, string>> = {
  "/etc/passwd": `nobody:x:${NOBODY}:${NOBODY}:nobody:/tmp:/usr/sbin/nologin\n`,
  "/etc/group": `nogroup:x:${NOBODY}:\n`,
};
