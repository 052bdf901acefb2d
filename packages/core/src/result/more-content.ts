import { isDeepStrictEqual } from "node:util";
import type { ContentBlock, JsonValue, ToolResult } from "@mcp-optimizer/contracts";
import { jsonSize } from "./json-size.ts";
import { toolResultValue, type KeepBlob } from "./tool-result-value.ts";

/** What a result says beside its structured content. */
export interface MoreOfResult {
  readonly value: JsonValue;
  readonly telling: boolean;
}

/** Texts that are longer are not compared: they are kept as they are. */
const MOST_COMPARED = 1_048_576;

/**
 * What the blocks of a result hold that its structured content, of `size` characters, does not: undefined where that is nothing. Servers send the
 * same twice, as JSON text, or a text that the structured content has as one of its own.
 */
export async function moreContent(
  { structuredContent, content }: ToolResult,
  size: number,
  keepBlob: KeepBlob,
): Promise<MoreOfResult | undefined> {
  if (structuredContent === undefined) return undefined;
  const blocks = content.filter((block) => !saysTheSame(block, structuredContent));
  if (blocks.length === 0) return undefined;
  const texts = blocks.map(textOf);
  const joined = content.map(textOf).join("\n");
  const isWhole = blocks.length === content.length && joined === ownText(structuredContent);
  if (isWhole) return undefined;
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const telling = texts.includes(undefined) || length > size;
  return { value: await toolResultValue({ content: blocks }, keepBlob), telling };
}

function saysTheSame(block: ContentBlock, structured: JsonValue): boolean {
  const text = textOf(block);
  if (text === undefined) return holdsBytes(structured, block);
  if (text.trim() === "" || ownTexts(structured).includes(text)) return true;
  if (text.length > MOST_COMPARED || !/^\s*[[{"\dtfn-]/.test(text)) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return [structured, ...wrapped(structured)].some((one) => isDeepStrictEqual(parsed, one));
  } catch {
    return false;
  }
}

/** Some servers put the bytes of a file into the structured content too. */
function holdsBytes(structured: JsonValue, { data, resource }: ContentBlock): boolean {
  const blob =
    typeof resource === "object" && resource !== null && "blob" in resource ? resource["blob"] : data;
  if (typeof blob !== "string" || blob === "" || jsonSize(structured, blob.length) < blob.length)
    return false;
  return JSON.stringify(structured).includes(`"${blob}"`);
}

const textOf = (block: ContentBlock): string | undefined =>
  block.type === "text" && typeof block["text"] === "string" ? block["text"] : undefined;

/** What a wrapper such as `{ result: … }` is around; for a list, its items too: some servers send each as a block. */
function wrapped(structured: JsonValue): readonly JsonValue[] {
  if (typeof structured !== "object" || structured === null || Array.isArray(structured)) return [];
  const [inner, ...others] = Object.values(structured) as JsonValue[];
  if (inner === undefined || others.length > 0) return [];
  return Array.isArray(inner) ? [inner, ...inner] : [inner];
}

const ownTexts = (structured: JsonValue): readonly string[] =>
  [structured, ...wrapped(structured)].filter((value) => typeof value === "string");

/** The texts of a list in a wrapper, joined as a reader would. */
const ownText = (structured: JsonValue): string | undefined => {
  const [first] = wrapped(structured);
  if (!Array.isArray(first)) return typeof first === "string" ? first : undefined;
  return first.every((item) => typeof item === "string") ? first.join("\n") : undefined;
};
