const PAUSE_MS = 200;

/** Looks at a guest's memory again and again, where nothing but looking holds it. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(limitBytes: number, measure: () => Promise<number | undefined>, onExceeded: () => void) {
    let looking = false;
    this.#timer = setInterval(() => {
      if (looking) return;
      looking = true;
      measure()
        .then((bytes) => {
          if (bytes !== undefined && bytes > limitBytes) onExceeded();
        })
        .catch(() => undefined)
        .finally(() => (looking = false));
    }, PAUSE_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
