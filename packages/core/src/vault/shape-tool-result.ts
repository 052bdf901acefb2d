import type { ContentBlock, Log, ResultVault, TokenCounter, ToolResult } from "@mcp-optimizer/contracts";
import { jsonSize } from "../result/json-size.ts";
import { shapeValue } from "../result/shape-value.ts";
import { toolResultValue } from "../result/tool-result-value.ts";
import { handleLine } from "./handle-line.ts";
import { keepBlob } from "./keep-result.ts";
import { keepToolResult } from "./keep-tool-result.ts";

/** What results are shaped with. */
export interface ShapeParts {
  /** Tokens of a result that the model sees. */
  readonly resultTokens: number;
  readonly tokenCounter: TokenCounter;
  readonly vault: ResultVault;
  readonly log: Log;
}

/** A result of `sources` for a model: as it is where that is short; else a view of its value, with a handle to the whole, and its media. */
export async function shapeToolResult(
  parts: ShapeParts,
  tenant: string,
  sources: readonly string[],
  result: ToolResult,
): Promise<ToolResult> {
  const { resultTokens, tokenCounter } = parts;
  const read = result.content.filter((block) => !isMedia(block));
  const { structuredContent, content: _content, ...rest } = result;
  const short = [read.map(({ text, ...block }) => text ?? block), structuredContent].every((value) => {
    const most = resultTokens * 16;
    return jsonSize(value, most) <= most && tokenCounter.count(JSON.stringify(value) ?? "") <= resultTokens;
  });
  if (short) return result;
  const keep = (mimeType: string, base64: string): Promise<string | undefined> =>
    keepBlob(parts, tenant, sources, mimeType, base64);
  const value = await toolResultValue(result, keep);
  const { handle, more } = await keepToolResult(parts, tenant, sources, result, value, keep);
  const shaped = shapeValue(value, resultTokens, tokenCounter);
  const text = JSON.stringify({
    value: shaped.value,
    ...(shaped.omitted.length > 0 && { omitted: shaped.omitted }),
    ...(handle === undefined
      ? { lost: "the rest could not be kept" }
      : { handle: `in run_code: ${handleLine(handle)}` }),
    ...(more?.telling === true && { more: `vault.open('${more.handle}')` }),
  });
  return { ...rest, content: [{ type: "text", text }, ...result.content.filter(isMedia)] };
}

/** What a client shows and does not read. */
function isMedia({ type, resource }: ContentBlock): boolean {
  const isBlob = typeof resource === "object" && resource !== null && "blob" in resource;
  return type === "image" || type === "audio" || type === "resource_link" || isBlob;
}
