import ivm from "isolated-vm";
import type { Contestant } from "../contestant.ts";
import { answer, PARALLEL } from "../script.ts";

const SOURCE = `
  const host = { part: (args) => $call.apply(undefined, [args], { arguments: { copy: true }, result: { promise: true, copy: true } }) };
  (async () => { const value = await (async () => {${PARALLEL}})(); return JSON.stringify(value); })()`;

/** A fresh isolate of isolated-vm for each run. */
export async function openIsolatedVm(): Promise<Contestant> {
  return {
    inFlight: 2,
    run: async () => {
      const isolate = new ivm.Isolate({ memoryLimit: 128 });
      try {
        const context = await isolate.createContext();
        await context.global.set("$call", new ivm.Reference(async (args: { id: number }) => answer(args.id)));
        const text = (await context.eval(SOURCE, { promise: true, timeout: 30_000 })) as string;
        return JSON.parse(text);
      } finally {
        isolate.dispose();
      }
    },
    close: async () => undefined,
  };
}
