import { isMarkedCached, markCached } from "../cache/cached-result.ts";
import type { JsonObject, JsonValue, ResponseMetadata, ToolResult } from "@mcp-optimizer/contracts";

const META = "mcp-optimizer/intent";

/** What an intent gave, and how. */
export interface IntentValue {
  readonly value: JsonValue;
  readonly route: NonNullable<ResponseMetadata["route"]>;
  /** o200k_base tokens of program and answer; 0 where no program ran. */
  readonly tokens: number;
  /** It comes from earlier calls alone. */
  readonly cached?: boolean;
  /** The servers that it comes from, where the whole of it was kept, and nothing was called for it. */
  readonly sources?: readonly string[];
}

/** The value as a tool's result. With `bare`, a program gets it as it is; otherwise it is as clients take it: structured objects, all else as text. */
export function intentResult(answer: IntentValue, bare: boolean): ToolResult {
  const { value, route, tokens, cached = false, sources } = answer;
  const isText = typeof value === "string";
  const structured = bare || (typeof value === "object" && value !== null && !Array.isArray(value));
  const result: ToolResult = {
    content: [{ type: "text", text: isText ? value : JSON.stringify(value) }],
    ...(structured && { structuredContent: value }),
    _meta: { [META]: { route, tokens, isText, ...(sources && { sources: [...sources] }) } },
  };
  return cached ? markCached(result) : result;
}

/** The value out of a result that {@link intentResult} made. */
export function intentValue(result: ToolResult): IntentValue {
  const { structuredContent, content, _meta } = result;
  const { route, tokens, isText } = (_meta?.[META] ?? {}) as JsonObject;
  const text = content[0]?.["text"];
  return {
    value: structuredContent ?? (isText === true ? (text ?? "") : (JSON.parse(text as string) as JsonValue)),
    route: route as IntentValue["route"],
    tokens: Number(tokens),
    ...(isMarkedCached(result) && { cached: true }),
  };
}

/** The servers that a result comes from that {@link intentResult} made of an answer that was kept; undefined for any other. */
export function keptSources({ _meta }: ToolResult): readonly string[] | undefined {
  const { sources } = (_meta?.[META] ?? {}) as { sources?: readonly string[] };
  return sources;
}
