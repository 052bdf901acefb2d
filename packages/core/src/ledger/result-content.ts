import type { ContentBlock, JsonValue, ToolResult } from "@mcp-optimizer/contracts";

/** What of a result stands before a model. */
export interface ResultContent {
  /** Its texts, block by block. */
  readonly texts: readonly string[];
  /** A value that is no text yet: structured content where there is no block at all. */
  readonly value?: JsonValue;
  /** Blocks whose tokens depend on the model: images, audio, binary resources. */
  readonly media: number;
}

/**
 * What clients put before a model of a result: its text blocks and the JSON of links and of kinds that are not known. Structured content repeats
 * them, and counts only where there are none.
 */
export function resultContent({ content, structuredContent }: ToolResult): ResultContent {
  const blocks = Array.isArray(content) ? content : [];
  if (blocks.length === 0 && structuredContent !== undefined) {
    return { texts: [], value: structuredContent, media: 0 };
  }
  const media = blocks.filter(isMedia).length;
  return { texts: blocks.filter((block) => !isMedia(block)).map(textOf), media };
}

const isMedia = (block: ContentBlock): boolean =>
  block.type === "image" || block.type === "audio" || typeof resourceOf(block)?.["blob"] === "string";

function textOf(block: ContentBlock): string {
  const text = block.type === "text" ? block["text"] : resourceOf(block)?.["text"];
  return typeof text === "string" ? text : JSON.stringify(block);
}

function resourceOf({
  type,
  resource,
}: ContentBlock): Readonly<Record<string, JsonValue | undefined>> | undefined {
  const isResource = type === "resource" && typeof resource === "object" && resource !== null;
  return isResource && !Array.isArray(resource) ? resource : undefined;
}
