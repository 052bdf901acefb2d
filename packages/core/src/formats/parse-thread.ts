import { parentPort, workerData } from "node:worker_threads";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import type { JsonValue } from "@mcp-optimizer/contracts";
import type { ParseAnswer } from "./parse-call.ts";
import { parseFunction } from "./parse-function.ts";

// The inside of a thread that parses one long text.
parentPort!.postMessage(answer(workerData as JsonValue[]));

function answer(args: JsonValue[]): ParseAnswer {
  try {
    return { value: parseFunction(args) };
  } catch (error) {
    const { code, message } = OptimizerError.is(error) ? error : new OptimizerError("internal");
    return { code, message };
  }
}
