import type { JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import { toolResultValue } from "../result/tool-result-value.ts";

/** Texts that are longer are not parsed once more. */
const LONGEST_TEXT = 1_000_000;

/**
 * The value that a program would get for a result that goes to a client as it is; bytes have a handle that opens nothing. Undefined for a large
 * text, and for a result that no program could have read. Never rejects.
 */
export async function plainResultValue(result: ToolResult): Promise<JsonValue | undefined> {
  try {
    if (result.structuredContent === undefined && textLength(result) > LONGEST_TEXT) return undefined;
    return await toolResultValue(result, async () => "");
  } catch {
    return undefined;
  }
}

const textLength = ({ content }: ToolResult): number =>
  content.reduce((sum, { text }) => sum + (typeof text === "string" ? text.length : 0), 0);
