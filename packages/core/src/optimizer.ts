import type {
  Clock,
  ExecutionLog,
  Log,
  Policy,
  Ranker,
  ResultVault,
  RunLimits,
  SandboxBackend,
  TokenCounter,
  ToolProvider,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { CheckMode } from "./check/program-check.ts";
import type { RunReport, RunRequest } from "./run/run-report.ts";
import type { SearchAnswer, SearchRequest } from "./search/search-answer.ts";

/** How much the manifest says: at most 187 tokens, or at most 1,000. */
export type ManifestProfile = "minimal" | "standard";

/** What an optimizer is made of. */
export interface OptimizerOptions {
  /** The servers, in the order in which they are shown. */
  readonly upstreams: readonly ToolProvider[];
  readonly sandbox: SandboxBackend;
  /** Default: in memory. */
  readonly vault?: ResultVault;
  /** Default: in memory. */
  readonly executionLog?: ExecutionLog;
  /** Default: the lexical ranker. */
  readonly ranker?: Ranker;
  /** Default: every call is allowed. */
  readonly policy?: Policy;
  /** What is done about mistakes that are found before a program runs. Default `strict`: it does not run. */
  readonly check?: CheckMode;
  /** Default: o200k_base. */
  readonly tokenCounter?: TokenCounter;
  readonly limits?: Partial<RunLimits>;
  /** Tokens of a result that the model sees. Default 2,000. */
  readonly resultTokens?: number;
  /** Runs at once; a further one is `concurrency_limit`. Default 64. */
  readonly maxRuns?: number;
  /** Default `minimal`. */
  readonly manifest?: ManifestProfile;
  readonly log?: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The engine. Its `tools`, `onChange` and `callTool` are what an MCP server serves. */
export interface Optimizer
  extends Pick<ToolProvider, "tools" | "onChange" | "callTool" | "dispose">, AsyncDisposable {
  readonly catalogue: Catalogue;
  /** Finds tools. */
  search(request: SearchRequest): SearchAnswer;
  /** Runs a program; resolves with a report whatever the program did. Rejects with `invalid_params` or `concurrency_limit` before it began. */
  run(request: RunRequest): Promise<RunReport>;
}
