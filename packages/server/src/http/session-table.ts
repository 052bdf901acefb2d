import { randomUUID } from "node:crypto";
import { OptimizerError, type Clock, type Log } from "@mcp-optimizer/contracts";
import type { Caller } from "../auth/caller.ts";
import type { ServerFactory } from "../protocol/server-factory.ts";
import type { Owner } from "../shared/owner.ts";
import type { SharedState } from "../shared/shared-state.ts";
import { field } from "./client-message.ts";
import { answerIdOf, jsonRpcError } from "./json-rpc-error.ts";
import { openingOf, type Opening } from "./session-opening.ts";
import { sortMessages } from "./session-letters.ts";
import { createSessionShelf, type SessionShelf } from "./session-shelf.ts";
import { openSession, type Session } from "./session.ts";
import { createSharedSessions, type SharedSessions } from "./shared-sessions.ts";

/** How many sessions there may be, and how long an unused one lives. */
export interface SessionLimits {
  /**
   * Sessions that this process holds. At this number an idle one makes room for another; if all are busy, the new one is refused with 503.
   * Default 256.
   */
  readonly maxSessions: number;
  /** Milliseconds without a request or an open stream after which a session ends. Default one hour. */
  readonly sessionIdleMs: number;
}

/** The sessions of clients of older protocol revisions. */
export interface SessionTable {
  /** Those that this process holds. */
  readonly size: number;
  /** Serves one HTTP request; `body` is its parsed JSON, undefined for GET and DELETE. Whoever does not own a session finds none. */
  fetch(request: Request, body: unknown, caller: Caller): Promise<Response>;
  /** Tells every client that the tools changed. */
  announceTools(): void;
  /** Closes every session that is here; those that are shared go on elsewhere. Idempotent. */
  close(): Promise<void>;
}

/** What a table stands on. */
export interface SessionTableParts extends SessionLimits {
  /** Sessions of one owner that this process holds. */
  readonly maxSessionsOfOne: number;
  readonly createServer: ServerFactory;
  readonly clock: Clock;
  readonly log: Log;
  /** Where other processes find sessions. Default: there are no others. */
  readonly shared?: Pick<SharedState, "sessions" | "bulletin"> | undefined;
}

/** Creates an empty table. */
export function createSessionTable(parts: SessionTableParts): SessionTable {
  const { createServer, maxSessions, maxSessionsOfOne, sessionIdleMs, clock, log } = parts;
  const instance = randomUUID();
  const restoring = new Map<string, Promise<Session | undefined>>();
  let opened = 0;

  const shared: SharedSessions | undefined =
    parts.shared &&
    createSharedSessions({
      ...parts.shared,
      instance,
      ttlMs: sessionIdleMs,
      clock,
      log,
      news: {
        questions: (owner, id) => shelf.find(owner, id)?.questions ?? [],
        deliver: (owner, id, message) => shelf.find(owner, id)?.deliver(message),
        initialized: (owner, id) => shelf.find(owner, id)?.initialized(),
        ended(owner, id) {
          const session = shelf.find(owner, id);
          if (session !== undefined) shelf.drop(session, "ended elsewhere");
        },
        all: () => shelf.all().map(([id, { owner }]) => ({ id, owner })),
      },
    });
  const shelf: SessionShelf = createSessionShelf({
    maxSessions,
    maxSessionsOfOne,
    idleMs: sessionIdleMs,
    // What is shared lives as long in its store: open streams have to keep it alive.
    sweepMs: shared === undefined ? sessionIdleMs : sessionIdleMs / 3,
    clock,
    log,
    onSweep(busy) {
      if (shared === undefined) return;
      const kept = busy.map(async ([id, session]) => {
        // Nobody may have heard of its end.
        if (!(await lives(session, id))) shelf.drop(session, "ended elsewhere");
      });
      void Promise.allSettled([...kept, shared.sweep()]);
    },
  });

  const begin = async (
    { tenant, principal }: Owner,
    known?: { id: string; opening: Opening },
  ): Promise<Session> => {
    let session: Session | undefined;
    session = await openSession({
      product: createServer({ era: "legacy" }),
      owner: { tenant, principal },
      createId: () => known?.id ?? randomUUID(),
      origin: `${instance}.${(opened += 1)}`,
      elapsed: () => clock.elapsed(),
      onClose: () => session && shelf.remove(session),
      ...(known !== undefined && { opening: known.opening }),
    });
    return session;
  };
  const open = async (request: Request, body: unknown, caller: Caller): Promise<Response> => {
    const said = openingOf(body);
    if (said === undefined) {
      return jsonRpcError(400, -32_602, "The client says too much of itself.", answerIdOf(body));
    }
    const answer = await shelf.inPlace(caller, async () => {
      const session = await begin(caller);
      try {
        const response = await session.fetch(request, body, caller);
        if (session.id === undefined) {
          shelf.drop(session, "not initialized");
          return response;
        }
        await shared?.save(session.owner, session.id, said);
        shelf.put(session.id, session);
        return response;
      } catch (error) {
        shelf.drop(session, "not kept");
        throw error;
      }
    });
    return answer ?? busy(body);
  };

  /** Finds a session that is not here. */
  const restore = async (owner: Owner, id: string): Promise<Session | "busy" | undefined> => {
    const said = await shared?.find(owner, id);
    if (said === undefined) return undefined;
    let restored = restoring.get(id);
    const earlier = shelf.find(owner, id) ?? restored;
    if (earlier !== undefined) return (await earlier) ?? "busy";
    restored = shelf.inPlace(owner, async () => {
      const session = await begin(owner, { id, opening: said });
      shelf.put(id, session);
      return session;
    });
    restoring.set(id, restored);
    try {
      return (await restored) ?? "busy";
    } finally {
      restoring.delete(id);
    }
  };
  /** Whether a session that is here has not ended elsewhere. While the store is away, it goes on. */
  const lives = async (session: Session, id: string): Promise<boolean> => {
    if (shared === undefined) return true;
    return await shared.touch(session.owner, id).catch((cause: unknown) => {
      log({ level: "warn", message: "A session goes on without its store.", cause });
      return true;
    });
  };
  const find = async (owner: Owner, id: string): Promise<Session | "busy" | undefined> => {
    if (!shelf.has(id)) return await restore(owner, id);
    const session = shelf.find(owner, id);
    if (session === undefined || (await lives(session, id))) return session;
    shelf.drop(session, "ended elsewhere");
    return undefined;
  };
  const serve = async (
    session: Session,
    request: Request,
    body: unknown,
    caller: Caller,
  ): Promise<Response> => {
    const id = session.id!;
    if (shared === undefined) return await session.fetch(request, body, caller);
    if (request.method === "DELETE") await shared.end(session.owner, id);
    const own = await sortMessages({ shared, instance, clock, log }, session, id, body);
    if (body !== undefined && own.length === 0) return new Response(null, { status: 202 });
    return await session.fetch(request, Array.isArray(body) ? own : own[0], caller);
  };

  return {
    get size() {
      return shelf.size;
    },
    async fetch(request, body, caller) {
      try {
        const id = request.headers.get("mcp-session-id");
        if (id === null) {
          if (field(body, "method") === "initialize") return await open(request, body, caller);
          const message = "The Mcp-Session-Id header is missing: begin with initialize.";
          return jsonRpcError(400, -32_000, message, answerIdOf(body));
        }
        const session = await find(caller, id);
        if (session === "busy") return busy(body);
        if (session !== undefined) return await serve(session, request, body, caller);
        return jsonRpcError(404, -32_001, "Session not found.", answerIdOf(body));
      } catch (error) {
        if (!OptimizerError.is(error)) throw error;
        log({ level: "warn", message: "A session could not be served.", cause: error });
        return later(error.message, body, error.status);
      }
    },
    announceTools() {
      for (const [, session] of shelf.all()) {
        session.announceTools().catch((cause: unknown) => {
          log({ level: "debug", message: "A list change could not be announced.", cause });
        });
      }
    },
    async close() {
      await Promise.allSettled([shelf.close(), shared?.close()]);
    },
  };
}

function busy(body: unknown): Response {
  return later("Too many sessions are busy. Try again later.", body);
}

function later(message: string, body: unknown, status = 503): Response {
  const headers = status === 503 || status === 429 ? { "retry-after": "5" } : {};
  return jsonRpcError(status, -32_000, message, answerIdOf(body), headers);
}
