const MIN_PAUSE_MS = 50;
const RETRY_MS = 1000;

/** What a watch measures and does. */
export interface CpuWatchOptions {
  readonly limitMs: number;
  readonly cpus: number;
  /** CPU time used until now, in milliseconds; `undefined` when it cannot be told. */
  readonly measure: () => Promise<number | undefined>;
  readonly onExceeded: () => void;
}

/**
 * Watches a guest's CPU time. What is left cannot be used up faster than its processors run, so the next look is no earlier than
 * that; an idle guest costs one look per limit.
 */
export class CpuWatch {
  readonly #options: CpuWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: CpuWatchOptions) {
    this.#options = options;
    this.#schedule(options.limitMs / options.cpus);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(pauseMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), Math.max(MIN_PAUSE_MS, pauseMs)).unref();
  }

  async #look(): Promise<void> {
    const { limitMs, cpus, measure, onExceeded } = this.#options;
    const used = await measure().catch(() => undefined);
    if (this.#stopped) return;
    if (used === undefined) this.#schedule(RETRY_MS);
    else if (used >= limitMs) onExceeded();
    else this.#schedule((limitMs - used) / cpus);
  }
}
