import { OptimizerError } from "@mcp-optimizer/contracts";

/**
 * Why the engine could not do what was asked. `daemon_missing`: nothing answers at the socket. `socket_permission`: the user may not
 * open it. `daemon_too_old`: below 20.10. `daemon_lost`: it went away, or did not answer in time. `image_missing`: no such image.
 * `image_unfit`: the image lacks the command. `runtime_missing`: the named runtime is not registered. `disk_full`: no space on
 * the daemon's disk. `conflict`: something of that name exists. `not_found`: no such container. `failed`: anything else.
 */
export type EngineFault =
  | "daemon_missing"
  | "socket_permission"
  | "daemon_too_old"
  | "daemon_lost"
  | "image_missing"
  | "image_unfit"
  | "runtime_missing"
  | "disk_full"
  | "conflict"
  | "not_found"
  | "failed";

/** An error of the engine. `detail` says what to do. */
export function createEngineError(fault: EngineFault, detail: string, cause?: unknown): OptimizerError {
  return new OptimizerError("sandbox_unavailable", { detail, data: { engineFault: fault }, cause });
}

/** The fault that an error of an engine stands for; `undefined` for any other value. */
export function engineFault(error: unknown): EngineFault | undefined {
  return OptimizerError.is(error) ? (error.data?.["engineFault"] as EngineFault | undefined) : undefined;
}
