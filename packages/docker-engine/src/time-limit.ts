import { createEngineError } from "./engine-fault.ts";

/** Rejects with `daemon_lost` when the work is not done in time. The work itself goes on unheard. */
export async function withTimeLimit<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const detail = `the container daemon did not ${what} within ${limitMs} ms`;
    timer = setTimeout(() => reject(createEngineError("daemon_lost", detail)), limitMs);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
