import type { JsonObject } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { SettingsSchema } from "./settings.ts";

/** The JSON Schema of a configuration, for completion in editors: what it says of `optimizer` is all of it, of servers only where they stand. */
export function settingsJsonSchema(): JsonObject {
  const { $schema, $defs, ...optimizer } = z.toJSONSchema(SettingsSchema, { io: "input" }) as JsonObject;
  return {
    $schema,
    $id: "https://mcp-optimizer.dev/schemas/configuration/v1",
    title: "Configuration of MCP Optimizer",
    type: "object",
    properties: { mcpServers: { type: "object", additionalProperties: { type: "object" } }, optimizer },
    // References are looked up from the root.
    ...($defs !== undefined && { $defs }),
  };
}
