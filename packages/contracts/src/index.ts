export type { ApprovalGrant, ApprovalRequest, PendingApproval, PlannedCall } from "./approval.ts";
export type { Bulletin, BulletinListener } from "./bulletin.ts";
export type { Clock } from "./clock.ts";
export type { ContextScope, ContextSetOptions, ContextStore, EvictedKey } from "./context-store.ts";
export type { Effect } from "./effect.ts";
export {
  RESPONSE_SCHEMA,
  ResponseEnvelopeSchema,
  type ErrorEnvelope,
  type ResponseEnvelope,
  type ResponseMetadata,
  type SuccessEnvelope,
} from "./envelope.ts";
export { ERROR_CODES, isErrorCode, type ErrorCode, type ErrorSpec } from "./error-codes.ts";
export type {
  CallIntent,
  CallOutcome,
  EndedCall,
  ExecutionLog,
  LoggedCall,
  LoggedRun,
  RunEnd,
  RunPage,
  RunSource,
  RunStart,
  RunSummary,
} from "./execution-log.ts";
export {
  DEFAULT_FEATURE_FLAGS,
  FeatureFlagsSchema,
  type ExecutionMode,
  type FeatureFlags,
} from "./feature-flags.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export type {
  LedgerAmount,
  LedgerEntry,
  LedgerLists,
  LedgerPart,
  LedgerQuery,
  LedgerStore,
  LedgerSum,
} from "./ledger.ts";
export type { LearnedType, LearnedTypeStore } from "./learned-types.ts";
export { DEFAULT_RUN_LIMITS, RunLimitsSchema, type GuestResources, type RunLimits } from "./limits.ts";
export type { Log, LogEntry } from "./log.ts";
export type { Metrics } from "./metrics.ts";
export { OptimizerError, type OptimizerErrorOptions } from "./optimizer-error.ts";
export type { Decision, Policy, PolicyCall, PolicyTool, PolicyVerdict } from "./policy.ts";
export type {
  RankedDocument,
  Ranker,
  RankerDocument,
  RankerIndex,
  RankerSegment,
  RankOptions,
} from "./ranker.ts";
export type { RateWindow, RateWindowFactory, RateWindowOptions } from "./rate-window.ts";
export type { ResponseCache } from "./response-cache.ts";
export type {
  JobAttempt,
  JobHandler,
  QueuedJob,
  QueuedJobOptions,
  RunQueue,
  RunQueueStatus,
  RunWorker,
  RunWorkerOptions,
} from "./run-queue.ts";
export type { RunPlaces } from "./run-places.ts";
export { responseJsonSchema } from "./response-schema.ts";
export type { ResultVault, VaultContent, VaultEntry, VaultPutOptions } from "./result-vault.ts";
export type {
  ConsoleLine,
  Enforcement,
  GuestError,
  GuestFailure,
  GuestNamespace,
  GuestOutcome,
  GuestProgram,
  GuestUsage,
  HostBindings,
  HostCall,
  HostReply,
  Language,
  LeaseRequest,
  SandboxBackend,
  SandboxBound,
  SandboxLease,
  SandboxProbe,
  SandboxSession,
  SourcePosition,
} from "./sandbox.ts";
export type { NewSession, SessionPage, SessionRecord, SessionStore } from "./session-store.ts";
export { SavedProgramSchema, type SavedProgram, type SavedProgramStore } from "./saved-program.ts";
export type { ContentBlock, JsonSchema, ToolAnnotations, ToolDefinition, ToolResult } from "./tool.ts";
export type { TokenCounter } from "./token-counter.ts";
export type {
  ProviderOrigin,
  ProviderStatus,
  RunScope,
  ServedCallOptions,
  ToolCallOptions,
  ToolProgress,
  ToolProvider,
} from "./tool-provider.ts";
export type { WordVectors } from "./word-vectors.ts";
