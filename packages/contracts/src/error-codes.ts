/** A stable error code. Each says what happened and who acts. */
export type ErrorCode =
  /** Arguments do not fit the schema. The caller mends them. */
  | "invalid_params"
  /** No tool of that name. The caller searches, or takes the suggestion. */
  | "unknown_tool"
  /** No intent of that name. The caller takes the suggestion. */
  | "unknown_intent"
  /** The program cannot be parsed. The caller mends it; nothing was started. */
  | "program_invalid"
  /** A configuration cannot be read or used. The operator mends the named key. */
  | "config_invalid"
  /** Policy forbids the call. The operator may change the policy. */
  | "policy_denied"
  /** A person has to allow it first. The caller asks one; nothing that needs it was done. */
  | "approval_required"
  /** A person said no, or the answer is too old or was not given to this request. */
  | "approval_rejected"
  /** The guest broke the protocol of its sandbox. The run is over. */
  | "sandbox_violation"
  /** No such handle, or it expired, or it belongs to another tenant. */
  | "not_found"
  /** Another holds what is wanted, or it is no longer what it was. The caller looks again. */
  | "conflict"
  /** A write may or may not have happened, and is not repeated. The caller looks, and decides. */
  | "outcome_unknown"
  /** The wall-clock limit was reached. */
  | "timeout"
  /** The CPU limit was reached. */
  | "cpu_limit"
  /** The memory limit was reached. */
  | "memory_limit"
  /** A value, argument or message is over its size limit. */
  | "output_limit"
  /** A value alone is over what a session may keep. */
  | "context_limit"
  /** More tool calls than a run may make. */
  | "call_limit"
  /** The request would cost more tokens than allowed. The caller asks for less. */
  | "token_limit"
  /** More requests in a time than allowed. `data.retryAfterMs` says when to try again. */
  | "rate_limit"
  /** More work at once than allowed. The caller tries later. */
  | "concurrency_limit"
  /** The caller cancelled the request. */
  | "cancelled"
  /** A fault of ours. The log has the cause. */
  | "internal"
  /** The program threw. The caller mends it. */
  | "program_failed"
  /** The upstream tool reported an error. The caller reads its text. */
  | "tool_failed"
  /** The upstream server cannot be reached, died, or broke the protocol. */
  | "upstream_failed"
  /** No guest can be had. Never a silent fall back to a weaker sandbox. */
  | "sandbox_unavailable"
  /** What has to be kept cannot be: its file is damaged, foreign, newer, held or not writable. The operator mends it; nothing was overwritten. */
  | "store_unavailable"
  /** The process is closing. */
  | "shutting_down";

/** What is known of an error code: its HTTP-style status, the fixed first words of its message, and who must act. */
export interface ErrorSpec {
  readonly status: number;
  readonly message: string;
  readonly actor: "caller" | "operator" | "us";
}

const spec = (status: number, actor: ErrorSpec["actor"], message: string): ErrorSpec => ({
  status,
  message,
  actor,
});

/** Every error code with the text that a model or user may see. Causes and stack traces never join it. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorSpec>> = {
  invalid_params: spec(400, "caller", "The arguments are not valid"),
  unknown_tool: spec(400, "caller", "There is no such tool"),
  unknown_intent: spec(400, "caller", "There is no such intent"),
  program_invalid: spec(400, "caller", "The program cannot be run"),
  config_invalid: spec(400, "operator", "The configuration is not valid"),
  policy_denied: spec(403, "operator", "Policy forbids this call"),
  approval_required: spec(403, "caller", "A person has to approve this first"),
  approval_rejected: spec(403, "caller", "This was not approved"),
  sandbox_violation: spec(403, "caller", "The program broke the rules of its sandbox"),
  not_found: spec(404, "caller", "Nothing is stored under this name"),
  conflict: spec(409, "caller", "This cannot be done now"),
  outcome_unknown: spec(409, "caller", "It is not known whether this write happened"),
  timeout: spec(408, "caller", "The time limit was reached"),
  cpu_limit: spec(408, "caller", "The CPU limit was reached"),
  memory_limit: spec(413, "caller", "The memory limit was reached"),
  output_limit: spec(413, "caller", "The data is over its size limit"),
  context_limit: spec(413, "caller", "The value is over what a session may keep"),
  call_limit: spec(429, "caller", "The run made more tool calls than it may"),
  token_limit: spec(429, "caller", "The request would cost too many tokens"),
  rate_limit: spec(429, "caller", "Too many requests"),
  concurrency_limit: spec(429, "caller", "Too many runs at once"),
  cancelled: spec(499, "caller", "The request was cancelled"),
  internal: spec(500, "us", "An internal error occurred"),
  program_failed: spec(500, "caller", "The program failed"),
  tool_failed: spec(502, "caller", "The tool reported an error"),
  upstream_failed: spec(502, "operator", "The MCP server failed"),
  sandbox_unavailable: spec(503, "operator", "The sandbox is not available"),
  store_unavailable: spec(503, "operator", "The store is not available"),
  shutting_down: spec(503, "operator", "The optimizer is shutting down"),
};

/** Whether a value is a known error code. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_CODES, value);
}
