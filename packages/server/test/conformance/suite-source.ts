import type { ContentBlock, JsonObject } from "@mcp-optimizer/contracts";
import { createMemorySource, simpleTool, text, type MemorySource } from "../fixtures/memory-source.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const image: ContentBlock = { type: "image", data: PNG, mimeType: "image/png" };

/** The suite's tool for JSON Schema keywords, as its scenario spells it out. */
const RICH_SCHEMA: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

const MIRRORED: JsonObject = {
  type: "object",
  properties: {
    region: { type: "string", "x-mcp-header": "Region" },
    priority: { type: "integer", "x-mcp-header": "Priority" },
  },
};

/** The tools that the suite calls by name, as far as a tool provider can have them. */
export function createSuiteSource(): MemorySource {
  let changes = 0;
  const tools = [
    simpleTool("test_simple_text", () => text("This is a simple text response for testing.")),
    simpleTool("test_image_content", () => ({ content: [image] })),
    simpleTool("test_audio_content", () => ({
      content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }],
    })),
    simpleTool("test_embedded_resource", () => ({
      content: [
        {
          type: "resource",
          resource: {
            uri: "test://embedded-resource",
            mimeType: "text/plain",
            text: "This is an embedded resource content.",
          },
        },
      ],
    })),
    simpleTool("test_multiple_content_types", () => ({
      content: [
        { type: "text", text: "Multiple content types test:" },
        image,
        {
          type: "resource",
          resource: {
            uri: "test://mixed-content-resource",
            mimeType: "application/json",
            text: '{"test":"data","value":123}',
          },
        },
      ],
    })),
    simpleTool("test_error_handling", () => ({
      ...text("This tool intentionally returns an error for testing"),
      isError: true,
    })),
    simpleTool("test_tool_with_progress", (_args, { onProgress }) => {
      for (const progress of [0, 50, 100]) onProgress?.({ progress, total: 100 });
      return text("Progress was reported.");
    }),
    simpleTool("json_schema_2020_12_tool", () => text("ok"), { inputSchema: RICH_SCHEMA }),
    simpleTool("test_headers", ({ region }) => text(region as string), { inputSchema: MIRRORED }),
    // The suite wants these two to exist; a tool provider has no way to log or to ask, so they only answer.
    simpleTool("test_logging_tool", () => text("Nothing was logged.")),
    simpleTool("test_streaming_elicitation", (_args, { onProgress }) => {
      onProgress?.({ progress: 1 });
      return text("Nothing was asked.");
    }),
    simpleTool("test_trigger_tool_change", () => {
      changes += 1;
      source.set([...tools, simpleTool(`test_dynamic_${changes}`, () => text("new"))]);
      return text("The list of tools has changed.");
    }),
  ];
  const source = createMemorySource(tools);
  return source;
}
