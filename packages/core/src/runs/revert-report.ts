import type { ErrorCode } from "@mcp-optimizer/contracts";
import type { LastingCall, RevertStep } from "./revert-plan.ts";

/** What came of taking a run back. */
export interface RevertReport {
  /** The run under which it is logged. */
  readonly runId: string;
  /** In the order in which they were done, those of earlier attempts among them. */
  readonly done: readonly RevertStep[];
  /** The step that ended it. What comes after it was not tried. */
  readonly failed?: {
    readonly step: RevertStep;
    readonly error: { readonly code: ErrorCode; readonly message: string };
  };
  readonly left: readonly RevertStep[];
  readonly cannot: readonly LastingCall[];
}
