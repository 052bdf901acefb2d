import type { RedisLink } from "@mcp-optimizer/context-redis";
import type {
  Bulletin,
  ContextStore,
  ExecutionLog,
  LearnedTypeStore,
  LedgerStore,
  RateWindowFactory,
  ResponseCache,
  ResultVault,
  RunPlaces,
  SavedProgramStore,
  SessionStore,
} from "@mcp-optimizer/contracts";

/** All stores of a place. Members named as options of `createOptimizer` are meant for these. */
export interface State extends AsyncDisposable {
  readonly kind: "memory" | "sqlite" | "redis";
  readonly executionLog: ExecutionLog;
  readonly vault: ResultVault;
  readonly responseCache: ResponseCache;
  readonly ledger: LedgerStore;
  readonly learnedTypes: LearnedTypeStore;
  /** In Redis alone; elsewhere saved programs are files of their own. */
  readonly programStore?: SavedProgramStore;
  readonly contextStore: ContextStore;
  readonly sessionStore: SessionStore;
  readonly runStatus: SessionStore;
  /** In Redis, for all processes; elsewhere for this one. */
  readonly bulletin: Bulletin;
  /** In Redis alone. */
  readonly rateWindows?: RateWindowFactory;
  /** In Redis alone. */
  readonly runPlaces?: RunPlaces;
  /** The same for all processes of a Redis: what signs approvals. Elsewhere each process makes its own. */
  readonly approvalSecret?: string;
  /** For `serveHttp`: sessions of clients of revisions before 2026-07-28. */
  readonly transportSessions: SessionStore;
  /** For `serveHttp`. */
  readonly tasks: SessionStore;
  /** In Redis alone: what stands on it beside the stores, such as a queue. */
  readonly redis?: RedisLink;
  /** Closes all of it. What is asked of its stores afterwards rejects with `store_unavailable`, but for those in memory. */
  dispose(): Promise<void>;
}

/** What the {@link SessionStore}s of one place are called in it. */
export const SESSION_STORES = {
  sessionStore: "sessions",
  runStatus: "runs",
  transportSessions: "transport",
  tasks: "tasks",
} as const;
