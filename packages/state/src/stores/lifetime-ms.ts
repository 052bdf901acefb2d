import { OptimizerError, type ErrorCode } from "@mcp-optimizer/contracts";

const TEN_YEARS = 315_360_000;

/** Milliseconds of a lifetime in seconds. Throws for what is none. */
export function lifetimeMs(seconds: number, what: string, code: ErrorCode = "invalid_params"): number {
  if (typeof seconds === "number" && seconds > 0 && seconds <= TEN_YEARS) return Math.ceil(seconds * 1_000);
  throw new OptimizerError(code, {
    detail: `${what} is a number of seconds over 0, and at most ${TEN_YEARS}`,
  });
}
