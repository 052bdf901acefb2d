import { OptimizerError } from "@mcp-optimizer/contracts";

/** Lets only so many work at once; who comes later waits its turn. */
export class Turns {
  readonly #waiting: { readonly go: () => void; readonly refuse: (error: OptimizerError) => void }[] = [];
  #free: number;
  #closed = false;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Resolves with a function that gives the turn back. Rejects with `cancelled` or `shutting_down`. */
  async take(signal: AbortSignal | undefined): Promise<() => void> {
    if (this.#closed) {
      throw new OptimizerError("shutting_down");
    }
    if (signal?.aborted === true) {
      throw new OptimizerError("cancelled");
    }
    if (this.#free > 0) {
      this.#free--;
    } else {
      await this.#wait(signal);
    }
    let given = false;
    return () => {
      if (!given) {
        given = true;
        this.#give();
      }
    };
  }

  /** Refuses all who wait and come. */
  close(): void {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) {
      refuse(new OptimizerError("shutting_down"));
    }
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free++;
    } else {
      next.go();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { go: resolve, refuse: reject };
    const onAbort = (): void => {
      const at = this.#waiting.indexOf(entry);
      // Without it the turn has come already.
      if (at < 0) {
        return;
      }
      this.#waiting.splice(at, 1);
      reject(new OptimizerError("cancelled"));
    };
    this.#waiting.push(entry);
    signal?.addEventListener("abort", onAbort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }
}
