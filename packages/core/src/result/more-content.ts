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
/** Comparisons of values for one result; a result of many blocks and many items would take one for each pair. */
const MOST_COMPARISONS = 20_000;
/** Characters that are parsed, compared or searched for one result; what is beyond is kept as it is. */
const MOST_LOOKED_AT = 16 * MOST_COMPARED;

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
  const own = new OwnContent(structuredContent);
  const blocks = content.filter((block) => !own.says(block));
  if (blocks.length === 0) return undefined;
  const texts = blocks.map(textOf);
  const joined = content.map(textOf).join("\n");
  const isWhole = blocks.length === content.length && joined === ownText(structuredContent);
  if (isWhole) return undefined;
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  const telling = texts.includes(undefined) || length > size;
  return { value: await toolResultValue({ content: blocks }, keepBlob), telling };
}

/** What structured content says itself, and how much of it may still be looked at. */
class OwnContent {
  readonly #structured: JsonValue;
  readonly #values: readonly JsonValue[];
  readonly #texts: ReadonlySet<JsonValue>;
  #json: string | undefined;
  #comparisons = MOST_COMPARISONS;
  #left = MOST_LOOKED_AT;
  #next = 0;

  constructor(structured: JsonValue) {
    this.#structured = structured;
    this.#values = [structured, ...wrapped(structured)];
    this.#texts = new Set(this.#values.filter((value) => typeof value === "string"));
  }

  says(block: ContentBlock): boolean {
    const text = textOf(block);
    if (text === undefined) return this.#holdsBytes(block);
    if (text.trim() === "" || this.#texts.has(text)) return true;
    if (text.length > Math.min(MOST_COMPARED, this.#left) || !/^\s*[[{"\dtfn-]/.test(text)) return false;
    this.#left -= text.length;
    try {
      const parsed: unknown = JSON.parse(text);
      return this.#hasValue(parsed);
    } catch {
      return false;
    }
  }

  /** Blocks come in the order of the items: the one after the last that was found is looked at first. */
  #hasValue(parsed: unknown): boolean {
    const count = this.#values.length;
    for (let step = 0; step < count && this.#comparisons > 0; step += 1) {
      this.#comparisons -= 1;
      const at = (this.#next + step) % count;
      if (!isDeepStrictEqual(parsed, this.#values[at])) continue;
      this.#next = at + 1;
      return true;
    }
    return false;
  }

  /** Some servers put the bytes of a file into the structured content too. */
  #holdsBytes({ data, resource }: ContentBlock): boolean {
    const blob =
      typeof resource === "object" && resource !== null && "blob" in resource ? resource["blob"] : data;
    if (typeof blob !== "string" || blob === "" || jsonSize(this.#structured, blob.length) < blob.length)
      return false;
    if (this.#json === undefined) {
      if (jsonSize(this.#structured, this.#left) > this.#left) return false;
      this.#json = JSON.stringify(this.#structured);
    }
    if (this.#json.length > this.#left) return false;
    this.#left -= this.#json.length;
    return this.#json.includes(`"${blob}"`);
  }
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

/** The texts of a list in a wrapper, joined as a reader would. */
const ownText = (structured: JsonValue): string | undefined => {
  const [first] = wrapped(structured);
  if (!Array.isArray(first)) return typeof first === "string" ? first : undefined;
  return first.every((item) => typeof item === "string") ? first.join("\n") : undefined;
};
