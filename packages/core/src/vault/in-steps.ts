import { setImmediate } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";

const STEP_MS = 5;

/** Runs a long computation a few milliseconds at a time, so that the event loop goes on in between. Rejects with `cancelled` when it is aborted. */
export async function inSteps<Value>(
  steps: Generator<void, Value, void>,
  signal?: AbortSignal,
): Promise<Value> {
  for (;;) {
    const end = performance.now() + STEP_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < end);
    await setImmediate();
    if (signal?.aborted === true) throw new OptimizerError("cancelled");
  }
}
