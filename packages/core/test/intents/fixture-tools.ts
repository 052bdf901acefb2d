import type { JsonObject, JsonValue, ToolAnnotations } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, type FixtureTool, type InMemoryProvider } from "@mcp-optimizer/testkit";

/** Calls that a test's servers got, as `tool {arguments}`. */
export type Calls = string[];

/** A tool with typed arguments that notes its calls. */
export function tool(
  calls: Calls,
  name: string,
  properties: JsonObject,
  answer: (args: JsonObject) => JsonValue = () => "done",
  annotations: ToolAnnotations = { readOnlyHint: true },
): FixtureTool {
  return {
    definition: {
      name,
      description: name,
      inputSchema: { type: "object", properties, additionalProperties: false },
      annotations,
    },
    call: (args) => {
      calls.push(`${name} ${JSON.stringify(args)}`);
      const value = answer(args);
      return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
    },
  };
}

/** A server named `git`: it reads with `git_log`, writes with `git_commit`, destroys with `git_reset`, and `git_fail` fails. */
export function gitServer(calls: Calls): InMemoryProvider {
  const write = { readOnlyHint: false };
  return createInMemoryProvider("git", [
    tool(calls, "git_log", { max_count: { type: "integer" } }, ({ max_count = 3 }) => ({
      commits: max_count,
    })),
    tool(calls, "git_commit", { message: { type: "string" } }, () => ({ sha: "abc" }), write),
    tool(calls, "git_reset", {}, () => null, { destructiveHint: true }),
    {
      definition: { name: "git_fail", inputSchema: { type: "object", properties: {} } },
      call: () => {
        calls.push("git_fail {}");
        return { content: [{ type: "text", text: "no repository" }], isError: true };
      },
    },
  ]);
}
