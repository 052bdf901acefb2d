/** Work that is done bit by bit, in its order, while the process has nothing else to do. */
export interface CountingQueue {
  /** Adds a step. It must not throw. */
  add(step: () => void): void;
  /** Resolves when all steps that were added before it are done. */
  drained(): Promise<void>;
}

/** Makes a {@link CountingQueue}. */
export function createCountingQueue(): CountingQueue {
  let steps: (() => void)[] = [];
  let next = 0;
  const go = (): void => {
    steps[next]!();
    next += 1;
    if (next < steps.length) {
      setImmediate(go);
      return;
    }
    steps = [];
    next = 0;
  };
  const add = (step: () => void): void => {
    steps.push(step);
    if (steps.length === 1) setImmediate(go);
  };
  return { add, drained: () => new Promise((resolve) => add(resolve)) };
}
