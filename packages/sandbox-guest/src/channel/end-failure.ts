import { OptimizerError, type GuestFailure, type RunLimits } from "@mcp-optimizer/contracts";
import type { GuestEnd } from "../guest-launcher.ts";
import { asFailure } from "../guest-run.ts";

const OUT_OF_MEMORY = /out of memory|allocation failed|bad_alloc|MemoryError/i;

/** The failure of a program whose guest ended under it. `undefined` when the guest was lost, and no program is to blame. */
export function endFailure(
  { reason, detail }: GuestEnd,
  limits: Readonly<RunLimits>,
): GuestFailure | undefined {
  if (reason === "memory" || (reason === "exited" && OUT_OF_MEMORY.test(detail))) {
    return asFailure(new OptimizerError("memory_limit", { detail: `${limits.memoryBytes} bytes` }));
  }
  if (reason === "cpu") {
    return limitFailure("cpu_limit", limits);
  }
  return reason === "exited"
    ? asFailure(new OptimizerError("sandbox_violation", { detail: "the program ended its guest" }))
    : undefined;
}

/** The failure of a program that reached a limit of time. */
export function limitFailure(code: "cpu_limit" | "timeout", limits: Readonly<RunLimits>): GuestFailure {
  const detail =
    code === "cpu_limit"
      ? `the program computed for ${limits.cpuMs} ms`
      : `the program ran for ${limits.wallMs} ms`;
  return asFailure(new OptimizerError(code, { detail }));
}
