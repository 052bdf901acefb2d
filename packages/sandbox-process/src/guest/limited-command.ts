import type { GuestResources } from "@mcp-optimizer/contracts";

/**
 * Over the memory of a guest: V8 reserves that much, and whatever holds the memory sees an excess before an allocation fails. The kernel
 * counts memory that nobody has written to here alone.
 */
const DATA_SLACK_BYTES = 1024 * 1024 * 1024;

/** Joins cgroups, then becomes the rest of its arguments. Arguments: how many files, the files, the command. */
const JOIN = `
count=$1; shift
while [ "$count" -gt 0 ]; do echo 0 > "$1" || exit 125; shift; count=$((count - 1)); done
exec "$@"`;

/** How a command is held to a guest's resources. */
export interface LimitedCommand {
  readonly command: readonly string[];
  readonly resources: GuestResources;
  /** Files to write `0` to. */
  readonly joinFiles: readonly string[];
  /** Whom to become; `undefined` to stay. */
  readonly uid: number | undefined;
  /** Most tasks of the user, where no cgroup counts them; `undefined` to leave it. */
  readonly userTasks: number | undefined;
  /** Most bytes of one file, where no file system holds them; `undefined` to leave it. */
  readonly fileBytes: number | undefined;
}

/** A command that takes up the limits and then becomes the given one. The kernel kills it when its parent ends. */
export function limitedCommand(options: LimitedCommand): [command: string, ...args: string[]] {
  const { command, joinFiles, uid } = options;
  const user = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
  const join = ["-c", JOIN, "mcp-optimizer", String(joinFiles.length), ...joinFiles];
  const become = ["setpriv", ...user, "--no-new-privs", "--pdeathsig=KILL", "--"];
  return ["/bin/sh", ...join, ...become, "prlimit", ...processLimits(options), "--", ...command];
}

function processLimits({ resources, userTasks, fileBytes }: LimitedCommand): string[] {
  const seconds = Math.ceil(resources.cpuMs / 1000);
  return [
    // The kernel takes 1 as an order to write no dump, not even to the program that /proc/sys/kernel/core_pattern names.
    "--core=1",
    // SIGXCPU first, so that the end tells why.
    `--cpu=${seconds}:${seconds + 1}`,
    `--nofile=${resources.fileHandles}`,
    "--memlock=0",
    ...(fileBytes === undefined ? [] : [`--fsize=${fileBytes}`]),
    `--data=${resources.memoryBytes + DATA_SLACK_BYTES}`,
    ...(userTasks === undefined ? [] : [`--nproc=${userTasks}`]),
  ];
}
