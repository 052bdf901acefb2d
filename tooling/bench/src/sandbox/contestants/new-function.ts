import type { Contestant } from "../contestant.ts";
import { answer, PARALLEL } from "../script.ts";

/** `new Function`: no isolation at all. Each run has another source, as programs of a model do. */
export async function openNewFunction(): Promise<Contestant> {
  const host = { part: async ({ id }: { id: number }) => answer(id) };
  let run = 0;
  return {
    inFlight: 2,
    run: async () => {
      // oxlint-disable-next-line no-new-func, no-implied-eval -- it is what is measured.
      const program = new Function("host", `return (async () => {${PARALLEL}})() // ${run++}`) as (
        bindings: typeof host,
      ) => Promise<unknown>;
      return JSON.parse(JSON.stringify(await program(host)));
    },
    close: async () => undefined,
  };
}
