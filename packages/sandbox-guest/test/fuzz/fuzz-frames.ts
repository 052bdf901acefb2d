import { drawFrom, mutate } from "./mutate.ts";
import { tryFrames, type FramesEnd } from "./try-frames.ts";

/** What came of some inputs. */
export interface FuzzReport {
  readonly inputs: number;
  readonly ends: Readonly<Record<FramesEnd, number>>;
}

/** Tries inputs of seeds from `seed` on, while `more` says so. Rejects at the first that the host does not bear, and names it. */
export async function fuzzFrames(seed: number, more: (inputs: number) => boolean): Promise<FuzzReport> {
  const ends = { done: 0, cut: 0, sandbox_violation: 0, output_limit: 0 };
  let inputs = 0;
  for (; more(inputs); inputs++) {
    const draw = drawFrom(seed + inputs);
    const input = mutate(draw);
    try {
      ends[await tryFrames(input, draw)]++;
    } catch (cause) {
      const shown = JSON.stringify(input.toString("latin1").slice(0, 2_000));
      throw new Error(`Input ${seed + inputs} of ${input.length} bytes: ${shown}`, { cause });
    }
  }
  return { inputs, ends };
}
