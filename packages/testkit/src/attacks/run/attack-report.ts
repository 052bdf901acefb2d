import type { Language } from "@mcp-optimizer/contracts";
import type { AttackGroup } from "../attack.ts";
import type { LoopLateness } from "../host/loop-watch.ts";

/** How one attack went in one language. */
export interface AttackResult {
  readonly id: string;
  readonly group: AttackGroup;
  readonly language: Language;
  /** Whether nothing of the host was reached and the run ended as it has to. */
  readonly held: boolean;
  /** Whether something of the host, or of another tenant, was reached. */
  readonly escaped: boolean;
  /** It reached nothing, and did not end as it has to because its time was over. */
  readonly outOfTime: boolean;
  /** How it ended, and what was reached. */
  readonly note: string;
  readonly ms: number;
}

/** How all attacks on one backend went. */
export interface AttackReport {
  readonly backend: string;
  readonly attacks: readonly AttackResult[];
  /** How many attacks reached something. */
  readonly escaped: number;
  /** What reached the host without saying in which run. */
  readonly unattributed: readonly string[];
  /** How late the event loop of the host was at most. */
  readonly loop: LoopLateness;
}
