import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  RunLimitsSchema,
  type RunLimits,
} from "@mcp-optimizer/contracts";
import * as z from "zod";

/** The limits of a configuration: the defaults with what it sets. Throws `config_invalid`. */
export function configuredLimits(limits: Partial<RunLimits> = {}): RunLimits {
  return { ...DEFAULT_RUN_LIMITS, ...parsed(limits, "config_invalid") };
}

/** The limits of a run: it may lower the configured ones. Throws `invalid_params` for a higher or impossible one. */
export function loweredLimits(configured: RunLimits, asked: Partial<RunLimits> = {}): RunLimits {
  const lowered = parsed(asked, "invalid_params");
  for (const [name, value] of Object.entries(lowered)) {
    const most = configured[name as keyof RunLimits];
    if (value > most) {
      throw new OptimizerError("invalid_params", {
        detail: `limits.${name} is ${value}; at most ${most} is allowed`,
      });
    }
  }
  return { ...configured, ...lowered };
}

function parsed(limits: Partial<RunLimits>, code: "config_invalid" | "invalid_params"): Partial<RunLimits> {
  const result = RunLimitsSchema.safeParse(limits);
  if (result.success) return result.data;
  throw new OptimizerError(code, {
    detail: `limits: ${z.prettifyError(result.error).replaceAll(/\s*\n\s*/g, " ")}`,
  });
}
