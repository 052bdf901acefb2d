export { EVAL_AGENTS } from "./sandbox/launcher/eval-agents.ts";
export { openEvalGuest, type EvalAnswer, type EvalGuest } from "./sandbox/launcher/eval-guest.ts";
export type { LauncherCase, LauncherCaseContext } from "./sandbox/launcher/launcher-case.ts";
export { testGuestLauncher, type GuestLauncherSuite } from "./sandbox/test-guest-launcher.ts";
export { createManualClock, type ManualClock } from "./clock/manual-clock.ts";
export {
  startFixtureHttpServer,
  type FixtureHttpOptions,
  type FixtureHttpServer,
} from "./mcp/fixture-http-server.ts";
export { FixtureRpcError } from "./mcp/fixture-rpc-error.ts";
export type { ServerCommand } from "./mcp/fixture-script.ts";
export { fixtureServerCommand, type FixtureServerOptions } from "./mcp/fixture-server-command.ts";
export type { FixtureEra } from "./mcp/fixture-session.ts";
export type { FixtureTool, FixtureToolContext } from "./mcp/fixture-tool.ts";
export { createFixtureToolbox, type FixtureToolbox } from "./mcp/fixture-toolbox.ts";
export { createInMemoryProvider, type InMemoryProvider } from "./mcp/in-memory-provider.ts";
export type { Misbehaviour } from "./mcp/misbehaviour.ts";
export { misbehavingServerCommand } from "./mcp/misbehaving-server-command.ts";
export { createStandardToolbox } from "./mcp/standard-fixture-tools.ts";
export {
  testToolProvider,
  type ToolProviderCase,
  type ToolProviderHarness,
  type ToolProviderSuite,
} from "./mcp/test-tool-provider.ts";
export { LOG_INTENT, LOG_START } from "./log/log-entries.ts";
export {
  testExecutionLog,
  type ExecutionLogHarness,
  type ExecutionLogSuite,
} from "./log/test-execution-log.ts";
export {
  testLedgerStore,
  type LedgerStoreHarness,
  type LedgerStoreSuite,
} from "./ledger/test-ledger-store.ts";
export {
  testLearnedTypeStore,
  type LearnedTypeStoreHarness,
  type LearnedTypeStoreSuite,
} from "./types/test-learned-type-store.ts";
export {
  testSavedProgramStore,
  type SavedProgramStoreHarness,
  type SavedProgramStoreSuite,
} from "./programs/test-saved-program-store.ts";
export { testBulletin, type BulletinHarness, type BulletinSuite } from "./state/test-bulletin.ts";
export {
  testContextStore,
  type ContextStoreHarness,
  type ContextStoreSuite,
} from "./state/test-context-store.ts";
export {
  testSessionStore,
  type SessionStoreHarness,
  type SessionStoreSuite,
} from "./state/test-session-store.ts";
export { type RunQueueHarness, type RunQueueSettings, type RunQueueSuite } from "./queue/queue-cases.ts";
export { testRunQueue } from "./queue/test-run-queue.ts";
export { testRanker, type RankerSuite } from "./search/test-ranker.ts";
export {
  testResponseCache,
  type ResponseCacheHarness,
  type ResponseCacheSuite,
} from "./cache/test-response-cache.ts";
export { testRateWindow, type RateWindowHarness, type RateWindowSuite } from "./rates/test-rate-window.ts";
export { testRunPlaces, type RunPlacesHarness, type RunPlacesSuite } from "./rates/test-run-places.ts";
export {
  testResultVault,
  type ResultVaultHarness,
  type ResultVaultSuite,
} from "./vault/test-result-vault.ts";
export type { AgentCases, CaseDecision } from "./sandbox/agent-cases.ts";
export type { CaseRun, SandboxCase, SandboxCaseContext } from "./sandbox/sandbox-guest-run.ts";
export { testSandbox, type SandboxSuite } from "./sandbox/test-sandbox.ts";
export type { PythonCase, PythonCaseContext, PythonRun } from "./sandbox/python/python-case.ts";
export { testPythonPrograms, type PythonSuite } from "./sandbox/test-python-programs.ts";
export { testAttacks, type AttackSuite } from "./attacks/test-attacks.ts";
