import { randomUUID } from "node:crypto";
import type { Clock, Log } from "@mcp-optimizer/contracts";
import type { ServerFactory } from "../protocol/server-factory.ts";
import { answerIdOf, jsonRpcError } from "./json-rpc-error.ts";
import { openSession, type Session } from "./session.ts";

/** How many sessions there may be, and how long an unused one lives. */
export interface SessionLimits {
  /** At this number an idle session makes room for a new one; if all are busy, the new one is refused with 503. Default 256. */
  readonly maxSessions: number;
  /** Milliseconds without a request or an open stream after which a session ends. Default one hour. */
  readonly sessionIdleMs: number;
}

/** The sessions of clients of older protocol revisions. */
export interface SessionTable {
  readonly size: number;
  /** Serves one HTTP request; `body` is its parsed JSON, undefined for GET and DELETE. */
  fetch(request: Request, body: unknown): Promise<Response>;
  /** Tells every client that the tools changed. */
  announceTools(): void;
  /** Ends every session. Idempotent. */
  close(): Promise<void>;
}

/** Creates an empty table. */
export function createSessionTable(
  createServer: ServerFactory,
  { maxSessions, sessionIdleMs }: SessionLimits,
  clock: Clock,
  log: Log,
): SessionTable {
  const sessions = new Map<string, Session>();
  let cancelSweep: (() => void) | undefined;

  const drop = (session: Session, why: string): void => {
    if (session.id !== undefined) sessions.delete(session.id);
    session.close().catch((cause: unknown) => {
      log({ level: "debug", message: `A session could not be closed cleanly (${why}).`, cause });
    });
  };

  const sweep = (): void => {
    cancelSweep = undefined;
    const now = clock.elapsed();
    for (const session of sessions.values()) {
      if (!session.busy && now - session.lastUsed >= sessionIdleMs) drop(session, "idle");
    }
    if (sessions.size > 0) cancelSweep = clock.schedule(sessionIdleMs, sweep);
  };

  const makeRoom = (): boolean => {
    if (sessions.size < maxSessions) return true;
    const idle = [...sessions.values()].filter((session) => !session.busy);
    if (idle.length === 0) return false;
    drop(
      idle.reduce((oldest, next) => (next.lastUsed < oldest.lastUsed ? next : oldest)),
      "makes room",
    );
    return true;
  };

  const open = async (request: Request, body: unknown): Promise<Response> => {
    if (!makeRoom()) {
      const message = "Too many sessions are busy. Try again later.";
      return jsonRpcError(503, -32_000, message, answerIdOf(body), { "retry-after": "5" });
    }
    const session = await openSession({
      product: createServer({ era: "legacy" }),
      createId: () => {
        const id = randomUUID();
        sessions.set(id, session);
        return id;
      },
      elapsed: () => clock.elapsed(),
      onClose: () => void (session.id !== undefined && sessions.delete(session.id)),
    });
    const response = await session.fetch(request, body);
    if (session.id === undefined) drop(session, "not initialized");
    else cancelSweep ??= clock.schedule(sessionIdleMs, sweep);
    return response;
  };

  return {
    get size() {
      return sessions.size;
    },
    async fetch(request, body) {
      const id = request.headers.get("mcp-session-id");
      const session = id === null ? undefined : sessions.get(id);
      if (session !== undefined) return await session.fetch(request, body);
      if (id !== null) return jsonRpcError(404, -32_001, "Session not found.", answerIdOf(body));
      if (isInitialize(body)) return await open(request, body);
      const message = "The Mcp-Session-Id header is missing: begin with initialize.";
      return jsonRpcError(400, -32_000, message, answerIdOf(body));
    },
    announceTools() {
      for (const session of sessions.values()) {
        session.announceTools().catch((cause: unknown) => {
          log({ level: "debug", message: "A list change could not be announced.", cause });
        });
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

function isInitialize(body: unknown): boolean {
  return typeof body === "object" && body !== null && "method" in body && body.method === "initialize";
}
