import * as z from "zod";
import { RESPONSE_SCHEMA, ResponseEnvelopeSchema } from "./envelope.ts";
import type { JsonObject } from "./json.ts";

/** The JSON Schema of envelopes, as it is published at {@link RESPONSE_SCHEMA}. */
export function responseJsonSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(ResponseEnvelopeSchema) as JsonObject;
  return {
    $schema,
    $id: RESPONSE_SCHEMA,
    title: "Answer of MCP Optimizer",
    description: "What executeIntent, executeCode and route resolve with.",
    ...schema,
  };
}
