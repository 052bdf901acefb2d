import { OptimizerError } from "@mcp-optimizer/contracts";
import type { HostUser } from "../host/host-user.ts";

/** How to run Firecracker's jailer, which runs Firecracker in a chroot as another user. Needs root. */
export interface JailerOptions {
  /** The jailer's program, of the same version as Firecracker. */
  readonly program: string;
  /** An existing cgroup (version 2) to move machines into. The jailer would leave those behind that it makes itself. */
  readonly parentCgroup?: string;
  /** Path of a network namespace to enter. */
  readonly networkNamespace?: string;
  /** Highest number of open files; default 256. */
  readonly fileHandles?: number;
}

/** What changes from one machine to the next. */
export interface JailedMachine {
  readonly id: string;
  /** Firecracker's program. */
  readonly firecracker: string;
  readonly user: HostUser;
  /** The machine's root becomes `<chrootBase>/<name of the program>/<id>/root`. */
  readonly chrootBase: string;
  /** Further arguments for Firecracker itself. */
  readonly arguments: readonly string[];
}

const ID = /^[A-Za-z0-9-]{1,64}$/;

/** The jailer's command for one machine. It is replaced by Firecracker, under the same process id. */
export function jailerArguments(options: JailerOptions, machine: JailedMachine): readonly string[] {
  if (!ID.test(machine.id))
    throw new OptimizerError("internal", { detail: `${machine.id} is no id for a jail` });
  if (machine.user.uid === 0 || machine.user.gid === 0) {
    throw new OptimizerError("config_invalid", {
      detail: "the jailer must change to a user and group other than root",
    });
  }
  const { program, parentCgroup, networkNamespace, fileHandles = 256 } = options;
  return [
    [program, "--id", machine.id, "--exec-file", machine.firecracker],
    ["--uid", String(machine.user.uid), "--gid", String(machine.user.gid)],
    ["--chroot-base-dir", machine.chrootBase, "--cgroup-version", "2"],
    parentCgroup === undefined ? [] : ["--parent-cgroup", parentCgroup],
    networkNamespace === undefined ? [] : ["--netns", networkNamespace],
    ["--resource-limit", `no-file=${fileHandles}`],
    ["--", ...machine.arguments],
  ].flat();
}
