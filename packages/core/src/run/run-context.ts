import type { Language, RunLimits, RunScope, ToolProgress } from "@mcp-optimizer/contracts";
import type { RunApprovals } from "../approvals/run-approvals.ts";
import type { ReadTrail } from "../cache/read-trail.ts";
import type { ToolSet } from "../check/foreseen-tools.ts";
import type { RunJournal } from "../log/run-journal.ts";
import type { RunSession } from "../sessions/run-session.ts";
import type { ShownPiece } from "../show/shown-piece.ts";
import type { CallRecord } from "./run-report.ts";

/** What the calls of one run share. A program that another calls as an intent is part of its run. */
export interface RunContext extends RunScope {
  readonly tenant: string;
  /** Who of the tenant it is; the tenant's name where nobody says. */
  readonly principal: string;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[];
  readonly session?: string;
  /** Where its programs keep variables. */
  readonly variables: RunSession;
  /** What the program is written in. */
  readonly language: Language;
  /** The tools that the program may call; any when undefined. */
  readonly mayCall?: ToolSet;
  /** Of the whole run, with all programs that are part of it. */
  readonly limits: RunLimits;
  readonly journal: RunJournal;
  readonly approvals: RunApprovals;
  /** Servers whose results the run has; grows. */
  readonly sources: Set<string>;
  /** Grows as calls end, in the order in which they end. */
  readonly calls: CallRecord[];
  /** What programs of the run handed to the client; grows. */
  readonly shown: ShownPiece[];
  /** What whoever reads the run should know of its calls; grows. */
  readonly remarks?: Set<string>;
  /** Tells the caller what just happened. Undefined when the caller did not ask. */
  readonly report: ((message: string) => void) | undefined;
  /** Calls give results as servers sent them, not values for a program. */
  readonly raw?: boolean;
  /** Takes the progress of calls as servers report it. Default: it becomes a line of {@link report}. */
  readonly relay?: (progress: ToolProgress) => void;
  /** Reads come from their servers, not from earlier calls. Default false. */
  readonly fresh?: boolean;
  /** Notes what is read for the answer that may be kept. */
  readonly trail?: ReadTrail;
  /** Intents that are being done around this one. */
  readonly depth: number;
}

/** The context behind a scope that a provider was given; undefined for a call outside of any run. */
export function contextOf(scope: RunScope | undefined): RunContext | undefined {
  return scope as RunContext | undefined;
}

/** Makes a report function: progress has to grow, so what it counts are the reports. */
export function countReports(
  onProgress: ((progress: ToolProgress) => void) | undefined,
): RunContext["report"] {
  let progress = 0;
  return (
    onProgress &&
    ((message) => {
      progress += 1;
      onProgress({ progress, message });
    })
  );
}
