import type { Effect, ToolAnnotations, ToolDefinition } from "@mcp-optimizer/contracts";
import type { Intent } from "./intent.ts";

/** The configured name of the provider whose tools are the intents. */
export const INTENTS = "intents";

const HINTS: Readonly<Record<Effect, ToolAnnotations>> = {
  read: { readOnlyHint: true },
  write: { readOnlyHint: false, destructiveHint: false },
  destructive: { readOnlyHint: false, destructiveHint: true },
  unknown: {},
};

/** An intent as a tool. */
export function intentDefinition(
  { name, description, inputSchema, outputSchema }: Intent,
  effect: Effect,
): ToolDefinition {
  return {
    name,
    description,
    inputSchema,
    // Clients take structured results as objects alone.
    ...(outputSchema?.["type"] === "object" && { outputSchema }),
    annotations: HINTS[effect],
  };
}
