export type { Catalogue, CatalogueServer, CatalogueTool } from "./catalogue/catalogue.ts";
export type { Viewer } from "./catalogue/viewer.ts";
export { buildCatalogue } from "./catalogue/build-catalogue.ts";
export { createMemoryResponseCache, type MemoryResponseCacheOptions } from "./cache/memory-response-cache.ts";
export { createOptimizer } from "./create-optimizer.ts";
export { defineAdaptor, type Adaptor, type AdaptorContext, type AdaptorFactory } from "./intents/adaptor.ts";
export { CodeExecutor, type CodeExecutorParts } from "./intents/code-executor.ts";
export { defineIntent, type Intent, type IntentContext, type IntentOptions } from "./intents/intent.ts";
export { createIntentRegistry, type IntentRegistry } from "./intents/intent-registry.ts";
export {
  IntentRouter,
  type IntentRouterParts,
  type RoutedValue,
  type RouteOptions,
} from "./intents/intent-router.ts";
export type { IntentState } from "./intents/intent-watch.ts";
export type { LedgerReader } from "./ledger/create-ledger.ts";
export type { Figure, FigureMark } from "./ledger/figure.ts";
export type { LedgerFigures } from "./ledger/ledger-figures.ts";
export {
  readSummary,
  type LedgerPeriod,
  type LedgerSummary,
  type SummaryQuery,
} from "./ledger/ledger-summary.ts";
export { createMemoryLedgerStore, type MemoryLedgerOptions } from "./ledger/memory-ledger-store.ts";
export { acceptsResult, learnResult, type LearnedOutput } from "./learning/learn-result.ts";
export { learnedSignature } from "./learning/learned-signature.ts";
export { createMemoryLearnedTypeStore } from "./learning/memory-learned-type-store.ts";
export { createMemoryExecutionLog, type MemoryExecutionLogOptions } from "./log/memory-execution-log.ts";
export { createPolicy } from "./policy/create-policy.ts";
export type { BreakEven } from "./modes/break-even.ts";
export type { Exposure, OwnTool } from "./modes/exposure.ts";
export type { Modes } from "./modes/modes.ts";
export type { ApprovalSettings, ManifestProfile, Optimizer, OptimizerOptions } from "./optimizer.ts";
export { createMemoryMetrics, type MemoryMetrics } from "./metrics/memory-metrics.ts";
export { createDirectoryProgramStore } from "./programs/directory-program-store.ts";
export { createMemoryProgramStore } from "./programs/memory-program-store.ts";
export type { SavedPrograms, SaveRequest } from "./programs/saved-programs.ts";
export { parseLanguage } from "./program/program-language.ts";
export { createMemoryRunQueue, type MemoryRunQueueOptions } from "./queue/memory-run-queue.ts";
export { createRemoteSandbox } from "./queue/remote-sandbox.ts";
export { createMemoryRunPlaces, type MemoryRunPlacesOptions } from "./rates/memory-run-places.ts";
export { createMemoryBulletin, type MemoryBulletinOptions } from "./state/memory-bulletin.ts";
export { createMemoryContextStore, type MemoryContextStoreOptions } from "./state/memory-context-store.ts";
export { createMemorySessionStore, type MemorySessionStoreOptions } from "./state/memory-session-store.ts";
export { requireJson } from "./state/require-json.ts";
export { createMemoryResultVault, type MemoryResultVaultOptions } from "./vault/memory-result-vault.ts";
export type { LastingCall, RevertedCall, RevertPlan, RevertStep } from "./runs/revert-plan.ts";
export type { RevertReport } from "./runs/revert-report.ts";
export type { Replay, ReplayOptions, RevertOptions, RevertPlanOptions, Runs } from "./runs/runs.ts";
export type { CallRecord, MoreContent, RunError, RunReport, RunRequest } from "./run/run-report.ts";
export { createCatalogueSearch, type CatalogueSearch } from "./search/catalogue-search.ts";
export { createLexicalRanker } from "./search/lexical-ranker.ts";
export { createMeaningRanker, type MeaningRankerOptions } from "./search/meaning-ranker.ts";
export { renderSearchAnswer } from "./search/render-search-answer.ts";
export type {
  SearchAnswer,
  SearchDetail,
  SearchHit,
  SearchNeed,
  SearchProblem,
  SearchRequest,
  SearchServer,
} from "./search/search-answer.ts";
export { createSessions, type SessionsParts } from "./sessions/create-sessions.ts";
export {
  createEngineSessions,
  type EngineSessions,
  type EngineSessionsParts,
} from "./sessions/engine-sessions.ts";
export type { SessionHooks, SessionOwner, SessionRequest, Sessions } from "./sessions/sessions.ts";
export { shownLabel, type ShownPiece } from "./show/shown-piece.ts";
export { systemClock } from "./system-clock.ts";
export { loadO200kTokenCounter } from "./tokens/o200k-token-counter.ts";
export { toolTokens } from "./tokens/tool-tokens.ts";
