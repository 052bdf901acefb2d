import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import * as z from "zod";

/**
 * The JSON Schema of what a zod schema takes (`input`), or of what it makes of it (`output`); what JSON Schema cannot say is left open.
 * Throws `config_invalid` naming `what` when there is none.
 */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output", what: string): JsonObject {
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    return rest as JsonObject;
  } catch (cause) {
    throw new OptimizerError("config_invalid", { detail: `${what} has no JSON Schema`, cause });
  }
}

/** The same for parameters, which are an object. Throws `config_invalid` when they cannot be one. */
export function parameterSchemaOf(schema: z.ZodType, io: "input" | "output", what: string): JsonObject {
  const json = jsonSchemaOf(schema, io, what);
  const { type = "object" } = json;
  if (type === "object") return { ...json, type };
  throw new OptimizerError("config_invalid", {
    detail: `${what} is of type ${JSON.stringify(type)}; parameters are an object`,
  });
}
