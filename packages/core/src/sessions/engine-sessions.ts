import { randomBytes } from "node:crypto";
import type {
  Bulletin,
  Clock,
  ContextStore,
  ExecutionLog,
  Log,
  SessionStore,
} from "@mcp-optimizer/contracts";
import { createSessions } from "./create-sessions.ts";
import type { RunSessionParts } from "./run-session.ts";
import { createSessionArchive } from "./session-archive.ts";
import { sessionEndings } from "./session-endings.ts";
import { createSessionRuns } from "./session-runs.ts";
import type { SessionSettings } from "./session-settings.ts";
import type { Sessions } from "./sessions.ts";

/** What the sessions of an engine stand on. */
export interface EngineSessionsParts {
  readonly store: SessionStore;
  readonly contextStore: ContextStore;
  readonly executionLog: ExecutionLog;
  readonly settings?: SessionSettings | undefined;
  readonly bulletin?: Bulletin | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** The sessions of an engine, with its runs in them. */
export interface EngineSessions extends RunSessionParts {
  readonly sessions: Sessions;
  dispose(): Promise<void>;
}

/** Makes {@link EngineSessions}. Without a run that uses one, nothing is asked of a store and no timer runs. */
export function createEngineSessions(parts: EngineSessionsParts): EngineSessions {
  const { store, contextStore, executionLog, settings = {}, bulletin, clock, log } = parts;
  const { ttlSeconds = 3_600, archive: folder } = settings;
  const isThere = async (tenant: string, session: string): Promise<boolean> =>
    (await store.get(tenant, session)) !== undefined;
  const runs = createSessionRuns({ clock, log, bulletin, isThere });
  const archive = folder === undefined ? undefined : createSessionArchive({ folder, executionLog, clock });
  const sessions = createSessions({
    store,
    clock,
    randomId: () => randomBytes(16).toString("base64url"),
    ttlMs: ttlSeconds * 1_000,
    hooks: sessionEndings({ contextStore, runs, archive }),
    log,
  });
  return {
    sessions,
    runs,
    clock,
    async dispose() {
      sessions.dispose();
      await runs.dispose();
    },
  };
}
