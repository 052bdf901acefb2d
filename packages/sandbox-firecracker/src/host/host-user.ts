import { OptimizerError } from "@mcp-optimizer/contracts";
import { readFileSync } from "node:fs";

/** Above the ids of systemd, containers and people, and apart from those of guests in processes. */
const FIRST_UID = 2_000_000_000;
const UIDS_OF_A_PROCESS = 1024;
const LAST_UID = FIRST_UID + 65_536 * UIDS_OF_A_PROCESS;
const NOBODY: HostUser = { uid: 65_534, gid: 65_534 };

/** Of all launchers of this process together. */
const taken = new Set<number>();
let next = 0;

/** A user and group of the host, by number. */
export interface HostUser {
  readonly uid: number;
  readonly gid: number;
}

/** Users for machines. */
export interface HostUsers {
  /** Takes a user for one machine until `release`, which is idempotent. `user` is `undefined` where machines run as we do. */
  take(): TakenUser;
}

/** A user that a machine has. */
export interface TakenUser {
  readonly user: HostUser | undefined;
  readonly release: () => void;
}

/**
 * Chooses the users that machines run as: the one asked for; else our own when we are not root. Root gives each machine a user and group
 * of its own, so that one that broke out can reach no other; where this process's id space is too small, all get "nobody". Throws
 * `config_invalid` for root.
 */
export function createHostUsers(
  wanted: HostUser | undefined,
  ownUid: number,
  idMap: string = readIdMap(),
): HostUsers {
  if (wanted?.uid === 0 || wanted?.gid === 0) {
    throw new OptimizerError("config_invalid", {
      detail: "a machine never runs as root; give a user and a group other than 0",
    });
  }
  const shared = wanted ?? (highestId(idMap) < LAST_UID ? NOBODY : undefined);
  if (wanted === undefined && ownUid !== 0) return fixed(undefined);
  if (shared) return fixed(shared);
  const first = FIRST_UID + (process.pid % 65_536) * UIDS_OF_A_PROCESS;
  return { take: () => takeFrom(first) };
}

function fixed(user: HostUser | undefined): HostUsers {
  return { take: () => ({ user, release: () => undefined }) };
}

function takeFrom(first: number): TakenUser {
  if (taken.size >= UIDS_OF_A_PROCESS) {
    throw new OptimizerError("sandbox_unavailable", { detail: `${UIDS_OF_A_PROCESS} machines run already` });
  }
  // In turn, so that an id rests before it is used again.
  let uid = first + (next++ % UIDS_OF_A_PROCESS);
  while (taken.has(uid)) uid = first + (next++ % UIDS_OF_A_PROCESS);
  taken.add(uid);
  let held = true;
  return {
    user: { uid, gid: uid },
    release: () => {
      // Another machine may have it by now.
      if (held) taken.delete(uid);
      held = false;
    },
  };
}

function readIdMap(): string {
  try {
    return readFileSync("/proc/self/uid_map", "utf8");
  } catch {
    return "";
  }
}

function highestId(idMap: string): number {
  const lines = idMap.trim().split("\n");
  return Math.max(
    ...lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([from = 0, , size = 0]) => from + size),
  );
}
