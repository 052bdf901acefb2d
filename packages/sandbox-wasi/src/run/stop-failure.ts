import { OptimizerError, type GuestFailure, type RunLimits } from "@mcp-optimizer/contracts";
import { asFailure } from "@mcp-optimizer/sandbox-guest";
import type { StopReason } from "../worker/messages.ts";

/** Limits that a stop names. */
type StopLimits = Readonly<Pick<RunLimits, "cpuMs" | "wallMs" | "memoryBytes"> & Partial<RunLimits>>;

/** The failure of a run that was stopped before its program ended. */
export function stopFailure(reason: StopReason, limits: StopLimits): GuestFailure {
  switch (reason) {
    case "cpu_limit":
      return asFailure(new OptimizerError(reason, { detail: `the program computed for ${limits.cpuMs} ms` }));
    case "timeout":
      return asFailure(new OptimizerError(reason, { detail: `the program ran for ${limits.wallMs} ms` }));
    case "memory_limit":
      return asFailure(new OptimizerError(reason, { detail: `${limits.memoryBytes} bytes` }));
    case "output_limit":
      return asFailure(
        new OptimizerError(reason, { detail: `the value takes over ${limits.valueBytes} bytes` }),
      );
    case "too_deep":
      return { code: "program_failed", name: "RangeError", message: "Maximum call stack size exceeded" };
    case "harness_failed":
      return {
        code: "program_failed",
        message: "The program replaced built-ins that its own result or calls need.",
      };
    case "trapped":
      return asFailure(
        new OptimizerError("sandbox_violation", { detail: "the program broke the guest's engine" }),
      );
    case "stopped":
    default:
      return asFailure(new OptimizerError("cancelled"));
  }
}
