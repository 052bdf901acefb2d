import type { JsonValue, ToolDefinition, ToolResult } from "@mcp-optimizer/contracts";
import { toolResultValue } from "../result/tool-result-value.ts";
import { acceptsShape } from "./accepts-shape.ts";
import { mergeOutputs, type LearnedOutput } from "./learned-output.ts";
import { shapeOfResult } from "./shape-of-result.ts";

export type { LearnedOutput } from "./learned-output.ts";

/**
 * Learns from one result of a tool, as the server sent it, what the engine would: of the value that a program gets for it. `before` is what
 * is known already.
 */
export async function learnResult(
  definition: ToolDefinition,
  result: ToolResult,
  before?: LearnedOutput,
): Promise<LearnedOutput> {
  const learned = { seen: 1, shape: shapeOfResult(await valueOf(result), definition) };
  return before === undefined ? learned : mergeOutputs(before, learned);
}

/** Whether a learned type says something of its values, and holds for this result too. Every part of the result is looked at. */
export async function acceptsResult({ shape }: LearnedOutput, result: ToolResult): Promise<boolean> {
  return shape.any !== true && acceptsShape(shape, await valueOf(result));
}

/** The value that a program gets; bytes have a handle that opens nothing. */
const valueOf = async (result: ToolResult): Promise<JsonValue> =>
  await toolResultValue(result, async () => "");
