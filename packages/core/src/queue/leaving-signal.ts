import { OptimizerError } from "@mcp-optimizer/contracts";

/** A signal for a queue: when it aborts because this process closes, the job is left to its worker, and goes on. */
export interface LeavingSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** Follows the signal of a request. */
export function leavingSignal(request: AbortSignal | undefined, closing: AbortSignal): LeavingSignal {
  const own = new AbortController();
  const follow = (): void =>
    own.abort(closing.aborted ? new OptimizerError("shutting_down") : request?.reason);
  if (request?.aborted === true) follow();
  request?.addEventListener("abort", follow, { once: true });
  return { signal: own.signal, [Symbol.dispose]: () => request?.removeEventListener("abort", follow) };
}
