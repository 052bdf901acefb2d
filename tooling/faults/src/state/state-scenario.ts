import type { ContextStore, ExecutionLog, SessionStore } from "@mcp-optimizer/contracts";

/** Stores that a scenario writes to. */
export interface StateStores {
  readonly sessions: SessionStore;
  readonly context: ContextStore;
  readonly log: ExecutionLog;
}

/** How hard a scenario is. */
export interface StateScenarioOptions {
  /** How long the load goes on around each kill, in seconds. */
  readonly seconds: number;
  /** How often something is killed. Default: the scenario's own. */
  readonly kills?: number;
  readonly say: (line: string) => void;
}

/** What came of a scenario. */
export interface StateOutcome {
  readonly scenario: string;
  /** Asked of the stores under load. */
  readonly operations: number;
  /** Of these, answered with `store_unavailable`. */
  readonly errors: number;
  /** Writes that were said to be kept, and were not afterwards. */
  readonly lostAcknowledged: number;
  readonly kills: number;
  /** The longest that anything asked took, in milliseconds. */
  readonly slowestMs: number;
}

/** Kills something under load and looks what is left. */
export interface StateScenario {
  readonly name: string;
  run(options: StateScenarioOptions): Promise<StateOutcome>;
}
