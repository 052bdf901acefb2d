import type {
  Bulletin,
  Clock,
  ContextStore,
  ExecutionLog,
  FeatureFlags,
  LedgerStore,
  Log,
  Metrics,
  Policy,
  Ranker,
  RateWindowFactory,
  ResponseCache,
  ResultVault,
  RunLimits,
  RunPlaces,
  RunQueue,
  RunWorker,
  SandboxBackend,
  SavedProgramStore,
  ServedCallOptions,
  SessionStore,
  JsonObject,
  LearnedTypeStore,
  TokenCounter,
  ToolDefinition,
  ToolProvider,
  ToolResult,
} from "@mcp-optimizer/contracts";
import type { CacheSettings } from "./cache/cache-settings.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Viewer } from "./catalogue/viewer.ts";
import type { CheckMode } from "./check/program-check.ts";
import type { Adaptor } from "./intents/adaptor.ts";
import type { CodeExecutor } from "./intents/code-executor.ts";
import type { Intent } from "./intents/intent.ts";
import type { IntentRegistry } from "./intents/intent-registry.ts";
import type { IntentRouter } from "./intents/intent-router.ts";
import type { LedgerReader } from "./ledger/create-ledger.ts";
import type { LearningMode } from "./learning/tool-learning.ts";
import type { Modes } from "./modes/modes.ts";
import type { SavedPrograms } from "./programs/saved-programs.ts";
import type { RateSettings } from "./rates/rate-settings.ts";
import type { ResilienceSettings } from "./resilience/resilience-settings.ts";
import type { RunReport, RunRequest } from "./run/run-report.ts";
import type { Inverses } from "./runs/inverses.ts";
import type { Runs } from "./runs/runs.ts";
import type { ContextSettings, SessionSettings } from "./sessions/session-settings.ts";
import type { Sessions } from "./sessions/sessions.ts";
import type { SearchAnswer, SearchRequest } from "./search/search-answer.ts";

/** How much the manifest says: at most 187 tokens, or at most 1,000. */
export type ManifestProfile = "minimal" | "standard";

/** How approvals are asked for. */
export interface ApprovalSettings {
  /** How long an answer is taken, in seconds. Default 600. */
  readonly ttlSeconds?: number;
  /** Signs what clients carry between question and answer: at least 32 characters, the same for all processes that serve one client. Default: random. */
  readonly secret?: string;
}

/** What an optimizer is made of. */
export interface OptimizerOptions {
  /** The servers, in the order in which they are shown. */
  readonly upstreams: readonly ToolProvider[];
  readonly sandbox: SandboxBackend;
  /** Default: {@link DEFAULT_FEATURE_FLAGS}. */
  readonly flags?: Partial<FeatureFlags>;
  /** Default: none. */
  readonly adaptors?: readonly Adaptor[];
  /** Intents that belong to no adaptor. Default: none. */
  readonly intents?: readonly Intent[];
  /** Where saved programs are kept. Default: in memory. */
  readonly programStore?: SavedProgramStore;
  /** Whether models may save programs, as policy decides on it. Default false. */
  readonly modelMaySave?: boolean;
  /** Default: in memory. */
  readonly vault?: ResultVault;
  /** Where answers of calls that only read are kept. Default: in memory. */
  readonly responseCache?: ResponseCache;
  /** Which of them are. Default: all, for as long as the flags say. */
  readonly cache?: CacheSettings;
  /** Default: in memory. */
  readonly executionLog?: ExecutionLog;
  /** Where programs' `session.set` keeps values. Default: in memory. */
  readonly contextStore?: ContextStore;
  /** How long; how much of it, the flags say. */
  readonly context?: ContextSettings;
  /** Default: in memory. */
  readonly sessionStore?: SessionStore;
  /** How sessions live. */
  readonly sessions?: SessionSettings;
  /** Where processes that serve the same clients find each other's runs; one by one, each knows its own. Default: in memory. */
  readonly runStatus?: SessionStore;
  /** How they tell each other news. Default: there are no others. */
  readonly bulletin?: Bulletin;
  /** Makes the windows of {@link rates}. Default: each process counts for itself. */
  readonly rateWindows?: RateWindowFactory;
  /** Counts the runs of {@link rates} that are under way. Default: each process counts for itself. */
  readonly runPlaces?: RunPlaces;
  /** Where programs, and intents, are given to workers. Whoever opened it disposes of it. Default: they are run by this process, in its sandbox. */
  readonly runQueue?: RunQueue;
  /** Where it is kept what clients' contexts held and would have held; `false`: it is not counted. Default: in memory. */
  readonly ledger?: LedgerStore | false;
  /** How it is learned what tools give. Default `observe`: from results of calls that are made anyway. */
  readonly learning?: LearningMode;
  /** Where it is kept. Default: in memory. */
  readonly learnedTypes?: LearnedTypeStore;
  /** Default: the lexical ranker. */
  readonly ranker?: Ranker;
  /**
   * Whether what clients will ask for is ready before they do: the token counter, the list of tools, the index of their search. Otherwise each is made
   * when it is first needed, which suits a single run. Default true.
   */
  readonly indexAhead?: boolean;
  /** Default: every call is allowed. */
  readonly policy?: Policy;
  readonly approvals?: ApprovalSettings;
  /** How calls are taken back. Default: none can be. */
  readonly inverses?: Inverses;
  /** What is done about mistakes that are found before a program runs. Default `strict`: it does not run. */
  readonly check?: CheckMode;
  /** Default: o200k_base. */
  readonly tokenCounter?: TokenCounter;
  readonly limits?: Partial<RunLimits>;
  /** Tokens of a result that the model sees. Default 2,000. */
  readonly resultTokens?: number;
  /** What sessions and tenants may use. Default: no limit. */
  readonly rates?: RateSettings;
  /** Retries and circuit breakers. Default: {@link DEFAULT_RESILIENCE}. */
  readonly resilience?: ResilienceSettings;
  /** Runs at once; a further one is `concurrency_limit`. Default 64. */
  readonly maxRuns?: number;
  /** A run that takes longer goes on by itself, and its answer is fetched with its id; in seconds. Default 25. */
  readonly foregroundSeconds?: number;
  /** Tools that `hybrid` lists beside its own, by names that programs use. Default none. */
  readonly pinned?: readonly string[];
  /** Default `minimal`. */
  readonly manifest?: ManifestProfile;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The engine. Its `tools`, `onChange` and `callTool` are what an MCP server serves. */
export interface Optimizer extends Pick<ToolProvider, "tools" | "onChange" | "dispose">, AsyncDisposable {
  readonly catalogue: Catalogue;
  /** All intents: of adaptors, of the options, and saved programs. */
  readonly intents: IntentRegistry;
  /** Programs that worked, kept as intents. */
  readonly programs: SavedPrograms;
  /** Takes intents to what does them; rejects with OptimizerError. */
  readonly router: IntentRouter;
  /** Does intents and programs; answers are envelopes. */
  readonly code: CodeExecutor;
  /** How long a request waits for its run. */
  readonly foregroundSeconds: number;
  /** What clients are shown, and why. */
  readonly modes: Modes;
  /** What clients' contexts held, and what they would have held without us. Absent where it is switched off. */
  readonly ledger?: LedgerReader;
  /** What a caller is shown: {@link tools} is for one of the tenant `local` without scopes. The same array while nothing changes. */
  toolsFor(viewer: Viewer): readonly ToolDefinition[];
  /** Finds tools. */
  search(request: SearchRequest): SearchAnswer;
  /** Runs a program; resolves with a report whatever the program did. Rejects with `invalid_params`, `concurrency_limit`, `conflict` or `approval_rejected` before it began. */
  run(request: RunRequest): Promise<RunReport>;
  /** The sessions in which programs keep variables. */
  readonly sessions: Sessions;
  /** What was run: shown, gone through again, taken back. */
  readonly runs: Runs;
  /** Takes jobs of a queue and does them in this process, until the worker or the engine is closed. Rejects with `store_unavailable`. */
  work(queue: RunQueue, options: { readonly concurrency: number }): Promise<RunWorker>;
  /** Calls one of {@link tools}. Wrong arguments and failures are results with `isError`. Rejects with `unknown_tool` for another name. */
  callTool(name: string, args: JsonObject, options?: ServedCallOptions): Promise<ToolResult>;
}
