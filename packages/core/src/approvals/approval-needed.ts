import { OptimizerError, type ApprovalRequest, type JsonObject } from "@mcp-optimizer/contracts";

const SHOWN_CALLS = 10;
const SHOWN_CHARACTERS = 200;

/** The error of a run that waits for a person: what it would do, and what its caller can do about it. */
export function approvalNeeded(
  { runId, calls, complete }: ApprovalRequest,
  kind: "program" | "call",
): OptimizerError {
  const asked = calls.filter((call) => call.asked).length;
  const shown = calls.slice(0, SHOWN_CALLS).map(({ tool, args }) => `${tool}(${cut(JSON.stringify(args))})`);
  const more = calls.length > shown.length ? ` and ${calls.length - shown.length} more` : "";
  const rest = complete ? "" : "; what follows could not be foreseen";
  const again = kind === "program" ? `run_code({ run: "${runId}" }) asks again` : "the same call asks again";
  const detail =
    `${asked} ${asked === 1 ? "call needs" : "calls need"} it, and none of the plan was done: ${shown.join(", ")}${more}${rest}. ` +
    `If nobody was asked, ${again}; a client that cannot ask a person cannot do this`;
  return new OptimizerError("approval_required", {
    detail,
    data: { run: runId, calls: calls.map((call) => ({ ...call })) as unknown as JsonObject[], complete },
  });
}

const cut = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
