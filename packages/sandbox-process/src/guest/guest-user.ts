import { OptimizerError } from "@mcp-optimizer/contracts";
import { readFileSync } from "node:fs";

/** Above the ids that systemd, containers and people use. */
const FIRST_UID = 1_900_000_000;
const UIDS_OF_A_PROCESS = 1024;
const NOBODY = 65_534;

/** Of all launchers of this process together. */
const taken = new Set<number>();
let next = 0;

/** Ids of users for guests. */
export interface GuestUsers {
  /** Takes an id that no other guest of this process has, and gives it back when the guest is gone. `undefined`: stay who we are. */
  take(): { readonly uid: number; release(): void } | undefined;
  /** Whether no other process on this machine has the same id: it can be counted, and killed, by it. */
  readonly exclusive: boolean;
}

/**
 * Chooses the users of guests. Whoever is not root stays who they are; root gives each guest an id of its own, or that of `nobody`
 * where the machine's id space is too small. A guest is never root: throws `config_invalid` for `uid` 0.
 */
export function createGuestUsers(fixedUid: number | undefined): GuestUsers {
  if (fixedUid === 0) {
    throw new OptimizerError("config_invalid", {
      detail: "a guest never runs as root; give a uid other than 0",
    });
  }
  const isRoot = process.getuid?.() === 0;
  const shared = fixedUid ?? (highestUid() < FIRST_UID * 1.1 ? NOBODY : undefined);
  if (!isRoot) return { exclusive: false, take: () => undefined };
  if (shared !== undefined) {
    return { exclusive: false, take: () => ({ uid: shared, release: () => undefined }) };
  }
  const first = FIRST_UID + (process.pid % 65_536) * UIDS_OF_A_PROCESS;
  return {
    exclusive: true,
    take: () => {
      if (taken.size >= UIDS_OF_A_PROCESS) {
        throw new OptimizerError("sandbox_unavailable", {
          detail: `${UIDS_OF_A_PROCESS} guests run already`,
        });
      }
      // In turn: what has been killed may count for its user until something reaps it.
      let uid = first + (next++ % UIDS_OF_A_PROCESS);
      while (taken.has(uid)) uid = first + (next++ % UIDS_OF_A_PROCESS);
      taken.add(uid);
      return { uid, release: () => void taken.delete(uid) };
    },
  };
}

function highestUid(): number {
  try {
    const lines = readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
    return Math.max(
      ...lines.map((line) => line.trim().split(/\s+/)).map(([from, , size]) => Number(from) + Number(size)),
    );
  } catch {
    return 0;
  }
}
