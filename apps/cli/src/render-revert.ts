import type { RevertPlan, RevertReport, RevertStep } from "@mcp-optimizer/core";
import { plainText } from "./plain-text.ts";
import { argumentLine } from "./render-logged-run.ts";

/** What a revert would do, for the person who decides on it. */
export function renderRevertPlan({ runId, steps, cannot }: RevertPlan): string {
  const open = steps.filter(({ done }) => !done);
  const head =
    open.length > 0
      ? `To take back ${plainText(runId)}, these calls are made, in this order:`
      : steps.length > 0
        ? `All that can be taken back of ${plainText(runId)} has been.`
        : `Nothing of ${plainText(runId)} can be taken back.`;
  return [head, ...open.map(stepLine), ...lasting(cannot)].join("\n");
}

/** What came of a revert. */
export function renderRevertReport({ runId, done, failed, left, cannot }: RevertReport): string {
  const end =
    failed === undefined
      ? []
      : [
          `Stopped at ${plainText(failed.step.tool)} for call ${failed.step.call.index}: ${plainText(failed.error.message)}`,
          ...(left.length > 0 ? ["Not tried:", ...left.map(stepLine)] : []),
        ];
  const head = `${done.length} ${done.length === 1 ? "call is" : "calls are"} taken back; see runs show ${plainText(runId)}.`;
  return [head, ...end, ...lasting(cannot)].join("\n");
}

const stepLine = ({ call, tool, args }: RevertStep): string =>
  `  ${plainText(tool)} ${argumentLine(args, 2_000)}  (call ${call.index}: ${plainText(call.tool)})`;

const lasting = (cannot: RevertPlan["cannot"]): string[] =>
  cannot.length === 0
    ? []
    : [
        "What stays as it is:",
        ...cannot.map(({ call, why }) => `  call ${call.index}: ${plainText(call.tool)}: ${plainText(why)}`),
      ];
