import type { ContentBlock } from "@mcp-optimizer/contracts";
import { isSpecType } from "@modelcontextprotocol/server";

const MAX_JSON_CHARACTERS = 65_536;

/**
 * A content block that clients can read. A block of a known kind stays as it is, unknown fields included.
 * Any other becomes a text block that names its kind and holds its JSON, because clients reject a whole result
 * for one block that they do not know.
 */
export function toWireBlock(block: ContentBlock): ContentBlock {
  if (isSpecType.ContentBlock(block)) return block;
  if (typeof block === "object" && block !== null && block.annotations !== undefined) {
    const { annotations: _faulty, ...rest } = block;
    if (isSpecType.ContentBlock(rest)) return rest;
  }
  const kind = JSON.stringify((block as Partial<ContentBlock> | null)?.type) ?? "none";
  const json = JSON.stringify(block) ?? "undefined";
  const cut = json.length - MAX_JSON_CHARACTERS;
  const text = cut > 0 ? `${json.slice(0, MAX_JSON_CHARACTERS)}… (${cut} more characters)` : json;
  return { type: "text", text: `Content of the type ${kind}, as JSON: ${text}` };
}
