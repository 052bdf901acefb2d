import { setImmediate } from "node:timers/promises";

const STEP_MS = 4;

/** Runs a long computation a few milliseconds at a time, so that the event loop goes on in between. */
export async function runInSteps<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const end = performance.now() + STEP_MS;
    do {
      const step = steps.next();
      if (step.done === true) {
        return step.value;
      }
    } while (performance.now() < end);
    await setImmediate();
  }
}
