const PAUSE_MS = 200;

/** Looks at a guest's memory again and again, where nothing but looking holds it. */
export class MemoryWatch {
  readonly #limitBytes: number;
  readonly #measure: () => Promise<number | undefined>;
  readonly #onExceeded: () => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(limitBytes: number, measure: () => Promise<number | undefined>, onExceeded: () => void) {
    this.#limitBytes = limitBytes;
    this.#measure = measure;
    this.#onExceeded = onExceeded;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#look(), PAUSE_MS).unref();
  }

  async #look(): Promise<void> {
    const bytes = await this.#measure().catch(() => undefined);
    if (this.#stopped) return;
    if (bytes !== undefined && bytes > this.#limitBytes) this.#onExceeded();
    else this.#schedule();
  }
}
