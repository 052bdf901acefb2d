import type { OwnTokens } from "./own-tokens.ts";

/** What a task costs each way, in o200k_base tokens. */
export interface TaskFigures {
  readonly id: string;
  /** The calls one by one, with the definitions of the servers that the task needs. */
  readonly classicOwn: number;
  /** The same with the definitions of all ten servers. */
  readonly classicAll: number;
  /** In an engine that knows nothing but what the servers list. */
  readonly ours: number;
  /** In an engine that has seen the task's tools once. */
  readonly warm: number;
  /** Calls of servers that the program made. */
  readonly calls: number;
  readonly correct: boolean;
  /** Why it is not. */
  readonly problems: readonly string[];
  /** Of `ours`. */
  readonly breakdown: OwnTokens;
  /** Of `warm`. */
  readonly warmBreakdown: OwnTokens;
  /** Of searches, probes and program in the engine that knows nothing. */
  readonly ms: number;
}
