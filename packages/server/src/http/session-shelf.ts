import type { Clock, Log } from "@mcp-optimizer/contracts";
import { sameOwner, type Owner } from "../shared/owner.ts";
import type { Session } from "./session.ts";

/** The sessions that this process holds. */
export interface SessionShelf {
  readonly size: number;
  /** Whoever does not own a session finds none. */
  find(owner: Owner, id: string): Session | undefined;
  has(id: string): boolean;
  all(): readonly (readonly [id: string, session: Session])[];
  put(id: string, session: Session): void;
  /** The session has closed itself. */
  remove(session: Session): void;
  /** Takes a session off, and closes it. */
  drop(session: Session, why: string): void;
  /** Opens a session in a place that is kept for it meanwhile. Undefined when all places that its owner may have are taken by sessions that are busy. */
  inPlace<T>(owner: Owner, work: () => Promise<T>): Promise<T | undefined>;
  /** Closes all. Idempotent. */
  close(): Promise<void>;
}

/** What a shelf is made of. */
export interface SessionShelfParts {
  readonly maxSessions: number;
  /** Of one owner. */
  readonly maxSessionsOfOne: number;
  readonly idleMs: number;
  /** How often it is looked for idle ones. */
  readonly sweepMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with those that are busy, each time. */
  readonly onSweep: (busy: readonly (readonly [id: string, session: Session])[]) => void;
}

/** Makes an empty shelf. */
export function createSessionShelf(parts: SessionShelfParts): SessionShelf {
  const { maxSessions, maxSessionsOfOne, idleMs, sweepMs, clock, log, onSweep } = parts;
  const sessions = new Map<string, Session>();
  /** Owners of those that are being opened. */
  const coming: Owner[] = [];
  let cancelSweep: (() => void) | undefined;

  const remove = (session: Session): void => {
    const { id } = session;
    if (id !== undefined && sessions.get(id) === session) sessions.delete(id);
  };
  const drop = (session: Session, why: string): void => {
    remove(session);
    session.close().catch((cause: unknown) => {
      log({ level: "debug", message: `A session could not be closed cleanly (${why}).`, cause });
    });
  };
  const sweep = (): void => {
    cancelSweep = undefined;
    const now = clock.elapsed();
    for (const session of sessions.values()) {
      if (!session.busy && now - session.lastUsed >= idleMs) drop(session, "idle");
    }
    onSweep([...sessions].filter(([, session]) => session.busy));
    sweepLater();
  };
  const sweepLater = (): void => {
    if (sessions.size > 0) cancelSweep ??= clock.schedule(sweepMs, sweep);
  };
  const makeRoom = (owner: Owner): boolean => {
    const all = [...sessions.values()];
    const isOwn = (other: Owner): boolean => sameOwner(other, owner);
    const own = all.filter((session) => isOwn(session.owner));
    const hasShare = own.length + coming.filter(isOwn).length < maxSessionsOfOne;
    if (hasShare && sessions.size + coming.length < maxSessions) return true;
    const idle = (hasShare ? all : own).filter((session) => !session.busy);
    if (idle.length === 0) return false;
    drop(
      idle.reduce((oldest, next) => (next.lastUsed < oldest.lastUsed ? next : oldest)),
      "makes room",
    );
    return true;
  };

  return {
    get size() {
      return sessions.size;
    },
    find(owner, id) {
      const session = sessions.get(id);
      return session !== undefined && sameOwner(session.owner, owner) ? session : undefined;
    },
    has: (id) => sessions.has(id),
    all: () => [...sessions],
    put: (id, session) => void sessions.set(id, session),
    remove,
    drop,
    async inPlace(owner, work) {
      if (!makeRoom(owner)) return undefined;
      coming.push(owner);
      try {
        return await work();
      } finally {
        coming.splice(coming.indexOf(owner), 1);
        sweepLater();
      }
    },
    async close() {
      cancelSweep?.();
      cancelSweep = undefined;
      const closing = [...sessions.values()].map((session) => session.close());
      sessions.clear();
      await Promise.allSettled(closing);
    },
  };
}
