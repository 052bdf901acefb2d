import { Worker } from "node:worker_threads";
import { bulkhead } from "cockatiel";
import { OptimizerError, type ErrorCode, type JsonValue } from "@mcp-optimizer/contracts";
import { kindOf, parseFunction } from "./parse-function.ts";

/** What a thread answers: the value, or why there is none. */
export type ParseAnswer =
  | { readonly value: JsonValue }
  | { readonly code: ErrorCode; readonly message: string };

/** A longer text would hold up everybody: it is parsed in a thread of its own. In characters. */
const LONG = 16_384;
/** As {@link LONG}, of YAML. */
const LONG_YAML = 2_048;
/** Threads at once in this process, whoever asks. */
const THREADS = bulkhead(2, Infinity);

/** `tools.parse` for programs. Rejects as {@link parseFunction} throws, and with `cancelled` when the run is over before. */
export async function parseCall(
  _run: unknown,
  args: readonly JsonValue[],
  signal: AbortSignal,
): Promise<JsonValue> {
  const [text, given, options = null] = args;
  if (typeof text !== "string" || text.length <= LONG_YAML) return parseFunction(args);
  // The kind is told by the head, which takes about as long for any text.
  const kind = given ?? kindOf(text);
  const known = [text, kind, options];
  if (text.length <= (kind === "yaml" ? LONG_YAML : LONG)) return parseFunction(known);
  const answer = await THREADS.execute(() => inThread(known, signal));
  if ("value" in answer) return answer.value;
  throw OptimizerError.restore(answer);
}

async function inThread(args: readonly JsonValue[], signal: AbortSignal): Promise<ParseAnswer> {
  if (signal.aborted) throw new OptimizerError("cancelled");
  const source = import.meta.url.endsWith(".ts");
  const url = new URL(`./parse-thread.${source ? "ts" : "js"}`, import.meta.url);
  const execArgv = source ? ["--conditions=@mcp-optimizer/source"] : [];
  const resourceLimits = { maxOldGenerationSizeMb: 512 };
  const worker = new Worker(url, { workerData: args, execArgv, env: {}, resourceLimits });
  const over = (): void => void worker.terminate();
  signal.addEventListener("abort", over, { once: true });
  try {
    return await new Promise<ParseAnswer>((resolve, reject) => {
      const tooLarge = "the parsed value would take too much memory; parse slices, each of whole lines";
      worker
        .on("message", resolve)
        .on("error", (cause) => reject(new OptimizerError("output_limit", { detail: tooLarge, cause })))
        .on("exit", () => reject(new OptimizerError("cancelled")));
    });
  } finally {
    signal.removeEventListener("abort", over);
    await worker.terminate();
  }
}
