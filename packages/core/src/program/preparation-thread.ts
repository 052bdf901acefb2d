import { parentPort } from "node:worker_threads";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import { prepareProgram } from "./prepare-program.ts";
import type { PreparationAnswer } from "./program-preparer.ts";

// The inside of the thread in which programs are prepared: their texts are hostile, and the parsers recurse.
parentPort!.on("message", (text: string) => {
  void answer(text).then((found) => parentPort!.postMessage(found));
});

async function answer(text: string): Promise<PreparationAnswer> {
  try {
    return { program: await prepareProgram(text) };
  } catch (error) {
    // A parser that ran out of its stack or memory cannot be trusted with the next program.
    if (!OptimizerError.is(error)) return { broken: true };
    const { message, data } = error;
    return { message, ...(data && { data }) };
  }
}
