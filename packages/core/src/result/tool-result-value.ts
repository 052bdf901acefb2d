import type { ContentBlock, JsonObject, JsonValue, ToolResult } from "@mcp-optimizer/contracts";

/** Stores bytes and returns their handle; undefined where they cannot be kept. */
export type KeepBlob = (mimeType: string, base64: string) => Promise<string | undefined>;

/**
 * What a program gets for a tool's result: structured content where there is some; else the value of its one block, or the list of
 * its blocks' values. A text that is a JSON object or list comes parsed, other text as it is; images, audio and binary
 * resources come as `{ type, mimeType, bytes, handle }`, with `lost` in place of the handle where they could not be kept; kinds that are not known come as the server sent them.
 */
export async function toolResultValue(result: ToolResult, keepBlob: KeepBlob): Promise<JsonValue> {
  if (result.structuredContent !== undefined) return result.structuredContent;
  const values: JsonValue[] = [];
  for (const block of result.content) values.push(await blockValue(block, keepBlob));
  return values.length === 0 ? null : values.length === 1 ? values[0]! : values;
}

/** The text of a result's text blocks, at most `limit` characters. */
export function toolResultText(result: ToolResult, limit: number): string {
  const text = result.content
    .flatMap((block) => (block.type === "text" && typeof block["text"] === "string" ? [block["text"]] : []))
    .join("\n");
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
}

async function blockValue(block: ContentBlock, keepBlob: KeepBlob): Promise<JsonValue> {
  if (block.type === "text" && typeof block["text"] === "string") return textValue(block["text"]);
  if ((block.type === "image" || block.type === "audio") && typeof block["data"] === "string") {
    return blobValue(block.type, block["mimeType"], block["data"], keepBlob);
  }
  const resource = block["resource"];
  if (block.type === "resource" && isObject(resource)) {
    if (typeof resource["blob"] !== "string") return resource;
    const { uri } = resource;
    const value = await blobValue("resource", resource["mimeType"], resource["blob"], keepBlob);
    return uri === undefined ? value : { uri, ...value };
  }
  return { ...block };
}

async function blobValue(
  type: string,
  mime: unknown,
  base64: string,
  keepBlob: KeepBlob,
): Promise<JsonObject> {
  const mimeType = typeof mime === "string" ? mime : "application/octet-stream";
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  const bytes = Math.floor((base64.length * 3) / 4) - padding;
  const handle = await keepBlob(mimeType, base64);
  return { type, mimeType, bytes, ...(handle === undefined ? { lost: "it could not be kept" } : { handle }) };
}

/** JSON objects and lists are parsed. A bare number or word may be an id or a sentence, so it stays text. */
function textValue(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
