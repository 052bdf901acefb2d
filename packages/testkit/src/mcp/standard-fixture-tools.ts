import type { JsonObject, ToolResult } from "@mcp-optimizer/contracts";
import { FixtureRpcError } from "./fixture-rpc-error.ts";
import type { FixtureTool } from "./fixture-tool.ts";
import { createFixtureToolbox, type FixtureToolbox } from "./fixture-toolbox.ts";

const text = (value: string): ToolResult => ({ content: [{ type: "text", text: value }] });

const schema = (properties: Record<string, JsonObject>, required: string[] = []): JsonObject => ({
  type: "object",
  properties,
  required,
});

const echo: FixtureTool = {
  definition: {
    name: "echo",
    title: "Echo",
    description: "Answers with the given text.",
    inputSchema: schema({ text: { type: "string", description: "What to answer." } }, ["text"]),
    annotations: { readOnlyHint: true, vendorHint: "kept" },
    _meta: { "example.com/note": "kept" },
    vendorField: { nested: ["kept"] },
  },
  call: (args) => text(args["text"] as string),
};

const add: FixtureTool = {
  definition: {
    name: "add",
    description: "Adds two numbers.",
    inputSchema: schema({ a: { type: "number" }, b: { type: "number" } }, ["a", "b"]),
    outputSchema: schema({ sum: { type: "number" } }, ["sum"]),
  },
  call: (args) => {
    const sum = Number(args["a"]) + Number(args["b"]);
    return { ...text(JSON.stringify({ sum })), structuredContent: { sum } };
  },
};

const fail: FixtureTool = {
  definition: {
    name: "fail",
    description: "Answers with a tool error.",
    inputSchema: schema({ message: { type: "string" } }),
  },
  call: (args) => ({ ...text((args["message"] ?? "failed") as string), isError: true }),
};

const hologram: FixtureTool = {
  definition: {
    name: "hologram",
    description: "Answers with a content block and fields that no revision knows.",
    inputSchema: schema({}),
  },
  call: () => ({
    content: [{ type: "hologram", depth: 3, vendor: { kept: true } }],
    vendorResult: ["kept"],
    _meta: { "example.com/trace": "kept" },
  }),
};

const count: FixtureTool = {
  definition: {
    name: "count",
    description: "Counts to a number and reports each step as progress.",
    inputSchema: schema({ to: { type: "integer" } }, ["to"]),
  },
  call: async (args, { progress }) => {
    const total = Number(args["to"]);
    for (let step = 1; step <= total; step++) {
      progress({ progress: step, total, message: `step ${step}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return text(`counted to ${total}`);
  },
};

const reject: FixtureTool = {
  definition: {
    name: "reject",
    description: "Answers with a JSON-RPC error.",
    inputSchema: schema({ code: { type: "integer" }, message: { type: "string" }, data: {} }),
  },
  call: (args) => {
    throw new FixtureRpcError(
      Number(args["code"] ?? -32000),
      (args["message"] ?? "rejected") as string,
      args["data"],
    );
  },
};

/**
 * The tools that the conformance suite of a provider calls: `echo`, `add`, `fail`, `hologram`, `count`, `reject`,
 * `wait` (until cancelled), `cancelled` (how many `wait` calls were) and `add_tool` (changes the list).
 */
export function createStandardToolbox(): FixtureToolbox {
  let cancelled = 0;
  let waiting = 0;
  const wait: FixtureTool = {
    definition: {
      name: "wait",
      description: "Answers only when it is cancelled.",
      inputSchema: schema({}),
    },
    call: (_args, { signal, progress }) =>
      new Promise((resolve) => {
        waiting++;
        progress({ progress: 1 });
        const stop = (): void => {
          cancelled++;
          waiting--;
          resolve(text("cancelled"));
        };
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      }),
  };
  const counts: FixtureTool = {
    definition: {
      name: "cancelled",
      description: "How many calls of wait were cancelled, and how many are waiting.",
      inputSchema: schema({}),
    },
    call: () => ({ ...text(`${cancelled}`), structuredContent: { cancelled, waiting } }),
  };
  const addTool: FixtureTool = {
    definition: {
      name: "add_tool",
      description: "Adds a tool of this name to the list.",
      inputSchema: schema({ name: { type: "string" } }, ["name"]),
    },
    call: (args) => {
      const name = args["name"] as string;
      toolbox.add({
        definition: { name, description: "Added later.", inputSchema: schema({}) },
        call: () => text(name),
      });
      return text("added");
    },
  };
  const toolbox = createFixtureToolbox([echo, add, fail, hologram, count, reject, wait, counts, addTool]);
  return toolbox;
}
