import { OptimizerError } from "@mcp-optimizer/contracts";

/** HTTP statuses below 500 that say nothing against another attempt. */
const TRANSIENT_STATUSES: ReadonlySet<unknown> = new Set([408, 425, 429]);
/** Errors that no server has anything to do with. */
const OURS: ReadonlySet<string> = new Set(["cancelled", "policy_denied", "invalid_params", "unknown_tool"]);

/** Whether a call failed for a fault of its server, or of the way there, that may pass. What a server says itself is none. */
export function isTransient(error: unknown): boolean {
  if (!OptimizerError.is(error)) return false;
  const { code, data = {} } = error;
  if (code === "timeout") return true;
  if (code !== "upstream_failed" || data["rpcCode"] !== undefined || data["answered"] === true) return false;
  const { httpStatus } = data;
  return typeof httpStatus !== "number" || httpStatus >= 500 || TRANSIENT_STATUSES.has(httpStatus);
}

/** Whether a failed call shows that its server lives: it answered, though with an error. */
export function showsLife(error: unknown): boolean {
  return OptimizerError.is(error) && !OURS.has(error.code) && !isTransient(error);
}

/** Whether a failed call certainly had no effect. */
export function isNotApplied(error: unknown): boolean {
  if (!OptimizerError.is(error)) return false;
  return error.data?.["notApplied"] === true || (OURS.has(error.code) && error.code !== "cancelled");
}
