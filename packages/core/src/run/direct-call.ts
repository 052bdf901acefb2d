import {
  OptimizerError,
  type JsonObject,
  type JsonValue,
  type RunSource,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { DirectRunner, DirectRunOptions } from "./direct-run.ts";
import type { CallRecord } from "./run-report.ts";

/** A call of one tool, without a program. */
export interface DirectCall extends Omit<DirectRunOptions, "raw" | "within"> {
  /** Any name of the tool that a program could use. */
  readonly name: string;
  readonly args: JsonObject;
}

/** What a direct call gave. */
export interface DirectAnswer {
  readonly runId: string;
  /** As the server sent it, failures that the tool reports included; what programs of an intent showed follows its content. */
  readonly result: ToolResult;
  readonly calls: readonly CallRecord[];
}

/** Makes calls of one tool, as a program would: arguments checked, policy asked, logged. They reject with OptimizerError. */
export function createDirectCaller(
  run: DirectRunner,
  catalogue: (viewer?: Viewer) => Catalogue,
): (call: DirectCall) => Promise<DirectAnswer> {
  return async ({ name, args, ...options }) => {
    const tool = catalogue(options).resolve(name)?.path ?? name;
    const source: RunSource = { kind: "call", tool, args };
    const { value, ...answer } = await run(source, { ...options, raw: true }, (direct) =>
      direct.call(name, args).catch(reportedResult),
    );
    const result = value as unknown as ToolResult;
    if (answer.shown.length === 0) return { ...answer, result };
    const blocks = answer.shown.map(({ block }) => block);
    return { ...answer, result: { ...result, content: [...result.content, ...blocks] } };
  };
}

/** A tool that reports a failure has answered all the same. */
function reportedResult(error: unknown): JsonValue {
  const result =
    OptimizerError.is(error) && error.code === "tool_failed" ? error.data?.["result"] : undefined;
  if (result === undefined) throw error;
  return result;
}
