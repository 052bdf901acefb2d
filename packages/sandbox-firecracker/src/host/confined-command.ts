import type { HostUser } from "./host-user.ts";

/** What the host holds a machine's process to, beside what the machine monitor does itself. */
export interface Confinement {
  /** Absent: our own user. */
  readonly user: HostUser | undefined;
  /** A further group of the user, for a file that it may read. */
  readonly group?: number;
  /** A library that the command loads before its own. */
  readonly preload?: string;
  /** Address space in bytes; absent: unlimited. */
  readonly addressBytes?: number;
  /** Largest file that it may write, in bytes; absent: unlimited. */
  readonly fileBytes?: number;
  readonly fileHandles: number;
}

/**
 * The command that runs another one confined: limits, another user, no new privileges, and an end with its parent. Each
 * step replaces the one before, so the process id stays the same. Both programs are of util-linux.
 */
export function confinedCommand(confinement: Confinement, command: readonly string[]): readonly string[] {
  const { user, group, preload, addressBytes, fileBytes, fileHandles } = confinement;
  const loading = preload === undefined ? [] : ["env", `LD_PRELOAD=${preload}`];
  return [
    "prlimit",
    "--core=0",
    `--nofile=${fileHandles}`,
    ...(addressBytes === undefined ? [] : [`--as=${addressBytes}`]),
    ...(fileBytes === undefined ? [] : [`--fsize=${fileBytes}`]),
    "--",
    ...commandOf(user, [...loading, ...command], group),
  ];
}

/** The command that runs another one as a user, without new privileges, and ends it with its parent. */
export function commandOf(
  user: HostUser | undefined,
  command: readonly string[],
  group?: number,
): readonly string[] {
  const groups = group === undefined ? "--clear-groups" : `--groups=${group}`;
  const change = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, groups] : [];
  return ["setpriv", "--no-new-privs", "--pdeathsig=KILL", ...change, "--", ...command];
}
