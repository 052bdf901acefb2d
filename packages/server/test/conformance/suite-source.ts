import { createHmac } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  OptimizerError,
  type ContentBlock,
  type JsonObject,
  type ServedCallOptions,
} from "@mcp-optimizer/contracts";
import {
  createMemorySource,
  simpleTool,
  text,
  type MemorySource,
  type MemoryTool,
} from "../fixtures/memory-source.ts";

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

/** Ends the wait of a tool that is cancelled. */
async function seconds(count: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(count * 1_000, undefined, { signal });
  } catch {
    throw new OptimizerError("cancelled");
  }
}

/** A tool that asks for an approval before it answers. The state is signed, as the suite tampers with it. */
function asking(name: string, done: string, beforeSeconds = 0): MemoryTool {
  const sign = (body: string): string => createHmac("sha256", "suite").update(body).digest("base64url");
  return simpleTool(name, async (_args, options: ServedCallOptions) => {
    const { approval } = options;
    if (approval === undefined) {
      await seconds(beforeSeconds, options.signal);
      options.onApproval?.({
        state: `${name}.${sign(name)}`,
        request: {
          runId: "r_1",
          calls: [{ tool: "files.delete", args: {}, effect: "write", asked: true, reason: "" }],
          complete: true,
          expiresAt: Date.now() + 60_000,
        },
      });
      return { ...text("approval_required"), isError: true };
    }
    if (approval.state !== `${name}.${sign(name)}`) {
      throw new OptimizerError("approval_rejected", { data: { reason: "state" } });
    }
    return text(done);
  });
}

/** The tools that the suite calls for its scenarios about tasks; what takes a second or more becomes one. */
const TASK_TOOLS: readonly MemoryTool[] = [
  simpleTool("greet", ({ name }) => text(`Hello, ${name as string}!`)),
  simpleTool("slow_compute", async (args, { signal }) => {
    await seconds(Number(args["seconds"]), signal);
    return text(`computed ${args["label"] as string}`);
  }),
  simpleTool("failing_job", async (_args, { signal }) => {
    await seconds(1, signal);
    return { ...text("The job failed."), isError: true };
  }),
  simpleTool("protocol_error_job", async (_args, { signal }) => {
    await seconds(1, signal);
    throw new OptimizerError("unknown_tool");
  }),
  asking("confirm_delete", "deleted", 1),
  asking("multi_input", "done", 1),
  asking("test_tool_with_task", "done"),
];

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
    ...TASK_TOOLS,
    asking("test_input_required_result_elicitation", "done"),
    asking("test_input_required_result_tampered_state", "done"),
    asking("test_input_required_result_capabilities", "done"),
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
