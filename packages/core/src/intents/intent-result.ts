import type { JsonObject, JsonValue, ResponseMetadata, ToolResult } from "@mcp-optimizer/contracts";

const META = "mcp-optimizer/intent";

/** What an intent gave, and how. */
export interface IntentValue {
  readonly value: JsonValue;
  readonly route: NonNullable<ResponseMetadata["route"]>;
  /** o200k_base tokens of program and answer; 0 where no program ran. */
  readonly tokens: number;
}

/** The value as a tool's result. With `bare`, a program gets it as it is; otherwise it is as clients take it: structured objects, all else as text. */
export function intentResult({ value, route, tokens }: IntentValue, bare: boolean): ToolResult {
  const isText = typeof value === "string";
  const structured = bare || (typeof value === "object" && value !== null && !Array.isArray(value));
  return {
    content: [{ type: "text", text: isText ? value : JSON.stringify(value) }],
    ...(structured && { structuredContent: value }),
    _meta: { [META]: { route, tokens, isText } },
  };
}

/** The value out of a result that {@link intentResult} made. */
export function intentValue({ structuredContent, content, _meta }: ToolResult): IntentValue {
  const { route, tokens, isText } = (_meta?.[META] ?? {}) as JsonObject;
  const text = content[0]?.["text"];
  return {
    value: structuredContent ?? (isText === true ? (text ?? "") : (JSON.parse(text as string) as JsonValue)),
    route: route as IntentValue["route"],
    tokens: Number(tokens),
  };
}
