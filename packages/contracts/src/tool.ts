import type { JsonObject, JsonValue } from "./json.ts";

/** A JSON Schema 2020-12 document or subschema. */
export type JsonSchema = JsonObject | boolean;

/** Hints of a server about a tool. Untrusted: they may tighten a policy, never loosen it. */
export interface ToolAnnotations extends JsonObject {
  title?: string;
  readOnlyHint?: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
  openWorldHint?: boolean;
}

/** A tool as its server listed it. Unknown fields are kept. */
export interface ToolDefinition {
  name: string;
  title?: string;
  description?: string;
  inputSchema: JsonObject;
  outputSchema?: JsonObject;
  annotations?: ToolAnnotations;
  _meta?: JsonObject;
  [field: string]: JsonValue | undefined;
}

/** A block of a tool's result: text, image, audio, resource, resource_link, or a kind that is not known yet. */
export interface ContentBlock {
  type: string;
  [field: string]: JsonValue | undefined;
}

/** A tool's result as its server sent it. Unknown fields are kept. */
export interface ToolResult {
  content: ContentBlock[];
  structuredContent?: JsonValue;
  isError?: boolean;
  _meta?: JsonObject;
  [field: string]: JsonValue | undefined;
}
