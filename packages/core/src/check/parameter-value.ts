import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { ITEM, type KnownValue } from "../trace/program-trace.ts";

const UNKNOWN: KnownValue = { kind: "unknown" };
/** Schema words that say more than is understood here. */
const INVOLVED = ["$ref", "anyOf", "oneOf", "allOf", "not", "if", "$dynamicRef"];

/** A value in which what stands for parameters is replaced by what the schema of the parameters says of them. */
export function parameterValue(value: KnownValue, parameters: JsonObject): KnownValue {
  const inner = (part: KnownValue): KnownValue => parameterValue(part, parameters);
  switch (value.kind) {
    case "parameter":
      return valueOfSchema(schemaAt(parameters, value.path));
    case "object":
      return { ...value, properties: value.properties.map(([name, own]) => [name, inner(own)] as const) };
    case "array":
      return { ...value, items: value.items.map(inner) };
    case "oneOf":
      return { ...value, values: value.values.map(inner) };
    default:
      return value;
  }
}

/** All that a schema certainly says of a value. */
export function valueOfSchema(schema: JsonValue | undefined): KnownValue {
  if (!isUnderstood(schema)) return UNKNOWN;
  const choices = Object.hasOwn(schema, "const") ? [schema["const"]] : schema["enum"];
  if (Array.isArray(choices) && choices.length > 0 && choices.every(isPlain)) {
    return { kind: "oneOf", values: choices.map((choice) => ({ kind: "literal", value: choice })) };
  }
  const types = [schema["type"]].flat();
  if (types.length > 1) {
    return { kind: "oneOf", values: types.map((type) => valueOfSchema({ ...schema, type })) };
  }
  switch (types[0]) {
    case "string":
      return { kind: "some", type: "string" };
    case "number":
    case "integer":
      return { kind: "some", type: "number" };
    case "boolean":
      return { kind: "some", type: "boolean" };
    case "null":
      return { kind: "literal", value: null };
    case "array":
      return { kind: "array", items: [], open: true };
    case "object":
      return objectOf(schema);
    default:
      return UNKNOWN;
  }
}

function objectOf(schema: JsonObject): KnownValue {
  const { properties } = schema;
  const own = isObject(properties) ? Object.entries(properties) : [];
  const closed =
    schema["additionalProperties"] === false &&
    isObject(properties) &&
    !Object.hasOwn(schema, "patternProperties");
  return { kind: "object", properties: own.map(([name, one]) => [name, valueOfSchema(one)]), open: !closed };
}

/** The schema of a part; undefined when nobody says. */
function schemaAt(schema: JsonObject, path: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = schema;
  for (const name of path) {
    if (!isUnderstood(at)) return undefined;
    const { properties } = at;
    if (name === ITEM) at = at["items"];
    else at = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }
  return at;
}

const isUnderstood = (schema: JsonValue | undefined): schema is JsonObject =>
  isObject(schema) && !INVOLVED.some((word) => Object.hasOwn(schema, word));

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPlain = (value: JsonValue | undefined): value is string | number | boolean | null =>
  value === null || typeof value !== "object";
