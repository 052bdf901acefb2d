import { OptimizerError, type JsonObject, type SavedProgram } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { defineIntent, type Intent } from "../intents/intent.ts";

/** A saved program as an intent: what it takes are its parameters, and none besides; what it gives may be anything. */
export function savedIntent({ name, description, code, language, params }: SavedProgram): Intent {
  return {
    ...defineIntent({ name, description, code, language, input: inputOf(params) }),
    inputSchema: params,
  };
}

/** Parameters as they are kept. Throws `invalid_params` for what is no JSON Schema of an object. */
export function parameterSchema(params: JsonObject): JsonObject {
  const { type = "object" } = params;
  if (type !== "object") {
    throw new OptimizerError("invalid_params", {
      detail: `the parameters of a program are an object, not ${JSON.stringify(type)}`,
    });
  }
  const schema = { ...params, type, additionalProperties: params["additionalProperties"] ?? false };
  inputOf(schema);
  return schema;
}

function inputOf(params: JsonObject): z.ZodType {
  try {
    return z.fromJSONSchema(params);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : "";
    throw new OptimizerError("invalid_params", {
      detail: `the schema of the parameters cannot be used: ${reason}`,
      cause,
    });
  }
}
