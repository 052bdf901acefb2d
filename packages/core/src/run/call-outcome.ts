import {
  OptimizerError,
  type CallOutcome,
  type Effect,
  type GuestError,
  type JsonValue,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { toolResultText } from "../result/tool-result-value.ts";

const ERROR_TEXT = 2_000;
/** Errors that come before a server sees the call. */
const NEVER_SENT: ReadonlySet<string> = new Set(["policy_denied", "invalid_params", "unknown_tool"]);

/**
 * Makes a call and tells how it ended; never throws. A call without an answer may have worked, unless it only reads or the error says
 * otherwise. With `keepFailures`, the error of a tool that reports a failure has its result in `data.result`.
 */
export async function callOutcome(
  effect: Effect,
  call: () => Promise<ToolResult>,
  valueOf: (result: ToolResult) => Promise<JsonValue>,
  keepFailures = false,
): Promise<CallOutcome> {
  let result: ToolResult;
  try {
    result = await call();
  } catch (cause) {
    const error = OptimizerError.is(cause) ? cause : new OptimizerError("internal", { cause });
    const { notApplied, started } = error.data ?? {};
    const unsent = started !== true && (NEVER_SENT.has(error.code) || notApplied === true);
    const harmless = effect === "read" || unsent;
    return { state: harmless ? "failed" : "unknown", error: plainError(error) };
  }
  if (result.isError === true) {
    const data = keepFailures ? { result: result as JsonValue } : undefined;
    const error = new OptimizerError("tool_failed", { detail: failureText(result), ...(data && { data }) });
    return { state: "failed", error: plainError(error) };
  }
  try {
    return { state: "applied", value: await valueOf(result) };
  } catch (cause) {
    // It worked, and its result cannot be had: whoever repeats it does it twice.
    const error = OptimizerError.is(cause) ? cause : new OptimizerError("internal", { cause });
    return { state: effect === "read" ? "failed" : "unknown", error: plainError(error) };
  }
}

/** The text of a failed result, or its structure where it has no text. */
function failureText(result: ToolResult): string {
  const { structuredContent } = result;
  const text = toolResultText(result, ERROR_TEXT);
  if (text !== "") return text;
  return structuredContent === undefined
    ? "it gave no reason"
    : JSON.stringify(structuredContent).slice(0, ERROR_TEXT);
}

const plainError = ({ code, message, data }: OptimizerError): GuestError => ({
  code,
  message,
  ...(data && { data }),
});

/** The value of a call that worked; throws its error otherwise. */
export function restoredOutcome(outcome: CallOutcome): JsonValue {
  if (outcome.state === "applied") return outcome.value;
  throw OptimizerError.restore(outcome.error);
}
