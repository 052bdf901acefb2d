import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { unionOf } from "./combine-types.ts";
import { propertyDoc } from "./property-doc.ts";
import { cutText, safeText } from "./safe-text.ts";
import { UNKNOWN, type ObjectNode, type TypeNode, type TypeProperty } from "./type-node.ts";

/** The object type of a schema: properties, required ones first-class, and what other keys may hold. */
export function objectType(schema: JsonObject, next: (part: JsonValue | undefined) => TypeNode): ObjectNode {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const properties: TypeProperty[] = [];
  for (const [name, part] of members(schema["properties"])) {
    properties.push({ name, type: next(part), optional: !required.delete(name), doc: propertyDoc(part) });
  }
  for (const name of required) {
    if (typeof name === "string") {
      properties.push({ name, type: UNKNOWN, optional: false, doc: propertyDoc(undefined) });
    }
  }
  const patterns = members(schema["patternProperties"]).map(([pattern]) => `/${pattern}/`);
  const note =
    patterns.length === 0 ? undefined : cutText(safeText(`other keys match ${patterns.join(", ")}`), 120);
  return { kind: "object", properties, rest: restType(schema, next), note };
}

function restType(schema: JsonObject, next: (part: JsonValue | undefined) => TypeNode): TypeNode | undefined {
  const others = schema["additionalProperties"] ?? schema["unevaluatedProperties"];
  const types = members(schema["patternProperties"]).map(([, part]) => next(part));
  if (others !== undefined && others !== false) types.push(next(others));
  return types.length === 0 ? undefined : unionOf(types);
}

function members(value: JsonValue | undefined): [string, JsonValue | undefined][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
