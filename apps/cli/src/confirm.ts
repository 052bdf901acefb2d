import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";

/** Asks a person. Anything but yes is no. */
export async function confirm(
  question: string,
  { input, output, signal }: { input: Readable; output: Writable; signal: AbortSignal },
): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    lines.close();
  }
}
