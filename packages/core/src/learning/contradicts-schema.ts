import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { Shape } from "./shape.ts";

/** Schema words that say more than is understood here: what they hold for is believed. */
const INVOLVED = ["$ref", "$dynamicRef", "anyOf", "oneOf", "allOf", "not", "if", "const", "enum"];

/**
 * Whether a tool's results are not what its server declares: of another kind, or without a member that is required. Silent about all that is
 * not certain. Members beyond the declared ones are no contradiction: JSON Schema welcomes them unless told otherwise, and nobody misses one.
 */
export function contradictsSchema(schema: JsonValue | undefined, shape: Shape): boolean {
  if (!isObject(schema) || shape.any === true) return false;
  if (INVOLVED.some((word) => Object.hasOwn(schema, word))) return false;
  const { type, nullable } = schema;
  const types = Array.isArray(type) ? type : typeof type === "string" ? [type] : undefined;
  if (types !== undefined) {
    const allowed = new Set(types.map((one) => (one === "integer" ? "number" : one)));
    if (nullable === true) allowed.add("null");
    if (kindsOf(shape).some((kind) => !allowed.has(kind))) return true;
  }
  const { items, object } = shape;
  if (
    items !== undefined &&
    !Object.hasOwn(schema, "prefixItems") &&
    contradictsSchema(schema["items"], items)
  )
    return true;
  return object !== undefined && objectContradicts(schema, object);
}

function objectContradicts(schema: JsonObject, object: NonNullable<Shape["object"]>): boolean {
  const { properties, rest } = object;
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  // A map's names are not kept, so nothing can be said of one of them.
  const lacks = (name: JsonValue): boolean =>
    typeof name === "string" && rest === undefined && properties.get(name)?.optional !== false;
  if (required.some(lacks)) return true;
  const declared = isObject(schema["properties"]) ? schema["properties"] : {};
  return [...properties].some(
    ([name, { shape }]) => Object.hasOwn(declared, name) && contradictsSchema(declared[name], shape),
  );
}

function kindsOf({ items, object, ...shape }: Shape): string[] {
  return [
    ...(["null", "boolean", "number", "string"] as const).filter((kind) => shape[kind]),
    ...(items ? ["array"] : []),
    ...(object ? ["object"] : []),
  ];
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
