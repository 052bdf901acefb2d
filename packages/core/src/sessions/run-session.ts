import { OptimizerError, type Clock, type JsonValue } from "@mcp-optimizer/contracts";
import { connectionSession } from "./connection-session.ts";
import { MADE_BY } from "./session-archive.ts";
import type { SessionRuns } from "./session-runs.ts";
import type { Sessions } from "./sessions.ts";

/** The session of a run, in which its programs keep variables. A run that names none has one since it first keeps something. */
export interface RunSession {
  /** Undefined while it has none. */
  readonly id: string | undefined;
  /** Whether the run made it: whoever reads the run has to be told. */
  readonly made: boolean;
  /** Aborts when the session ends. */
  readonly ended: AbortSignal;
  /** What a run that is only followed would have kept, by key; `undefined` for what it would have deleted. */
  readonly planned: Map<string, readonly JsonValue[] | undefined>;
  /** Whether there is anything to look into. Rejects with `not_found` for a session that has ended, with `store_unavailable`. */
  isThere(): Promise<boolean>;
  /** Makes sure that there is something to keep values in. Rejects as {@link isThere}. */
  require(): Promise<void>;
  /** Gives the run a session if it has none; `note` makes it, or knows what an earlier attempt at the run made. */
  make(note: (create: () => Promise<string>) => Promise<string>): Promise<void>;
  /** The run is over. */
  leave(): void;
}

/** Whose run it is, and what it said of its session. */
export interface RunSessionRequest {
  readonly tenant: string;
  readonly principal: string;
  readonly runId: string;
  /** The session that it belongs to. */
  readonly id: string | undefined;
  /** It has just been used: it is there. */
  readonly inUse: boolean;
  /** The connection that it came by. */
  readonly connection: string | undefined;
  /** Whether its answer can tell of a session that it makes. */
  readonly mayMake: boolean;
}

/** What sessions of runs stand on. */
export interface RunSessionParts {
  readonly sessions: Pick<Sessions, "create" | "use">;
  readonly runs: Pick<SessionRuns, "join">;
  readonly clock: Pick<Clock, "elapsed">;
}

/** A run does not ask again whether its session is there for so long: it is told when that ends. */
const TRUSTED_MS = 10_000;

/** Makes a {@link RunSession}. Nothing is asked of a store yet. */
export function createRunSession(parts: RunSessionParts, request: RunSessionRequest): RunSession {
  const { sessions, runs, clock } = parts;
  const { tenant, principal, runId, connection, mayMake } = request;
  const owner = { tenant, principal };
  const abort = new AbortController();
  let { id } = request;
  const follows = connection !== undefined && id === connectionSession(connection);
  let made = false;
  let making: Promise<void> | undefined;
  let usedAt = -Infinity;
  let leave: (() => void) | undefined;

  const used = (session: string): void => {
    usedAt = clock.elapsed();
    leave ??= runs.join(tenant, session, abort);
  };
  if (request.inUse && id !== undefined) used(id);
  const isThere = async (): Promise<boolean> => {
    if (id === undefined) return false;
    if (clock.elapsed() - usedAt < TRUSTED_MS) return true;
    try {
      await sessions.use(owner, id);
    } catch (error) {
      if (follows && hasCode(error, "not_found")) return false;
      throw error;
    }
    used(id);
    return true;
  };

  return {
    get id() {
      return id;
    },
    get made() {
      return made;
    },
    ended: abort.signal,
    planned: new Map(),
    isThere,
    async require() {
      if ((await isThere()) || id === undefined) return;
      const session = id;
      await sessions.create({ ...owner, id }).catch(async (error: unknown) => {
        // Another run of the connection was first.
        if (!hasCode(error, "conflict")) throw error;
        await sessions.use(owner, session);
      });
      used(session);
    },
    async make(note) {
      if (id !== undefined) return;
      if (!mayMake) {
        throw new OptimizerError("not_found", {
          detail:
            "this call has no session to keep it in: call it from a program, by run_code({ code, session })",
        });
      }
      const create = async (): Promise<string> =>
        (await sessions.create({ ...owner, data: { [MADE_BY]: runId } })).id;
      const named = async (): Promise<void> => {
        try {
          id = await note(create);
          made = true;
        } finally {
          making = undefined;
        }
      };
      making ??= named();
      await making;
    },
    leave: () => leave?.(),
  };
}

const hasCode = (error: unknown, code: string): boolean => OptimizerError.is(error) && error.code === code;
