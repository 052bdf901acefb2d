import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** Subschemas of the result at most: it is compiled and run on this thread. */
const MOST_NODES = 1_000;

/** Keywords that are taken over as they are. */
const PLAIN = [
  "type",
  "nullable",
  "enum",
  "const",
  "required",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
];

class TooLarge extends Error {}

/**
 * The part of a tool's schema that can be checked in bounded time, references put in. It accepts all that the whole schema accepts:
 * patterns, formats, uniqueness, `not`, `if` and what refers to itself or elsewhere are left out, and `oneOf` becomes `anyOf`.
 * Undefined when it would be too large.
 */
export function checkableSchema(root: JsonObject): JsonObject | undefined {
  let nodes = 0;
  const walk = (schema: JsonValue | undefined, refs: ReadonlySet<string>): JsonValue => {
    if (!isObject(schema)) return schema !== false;
    nodes += 1;
    if (nodes > MOST_NODES) throw new TooLarge();
    const parts = targetsOf(schema).map((ref) => walkTarget(ref, refs));
    const own = walkKeywords(schema, (part) => walk(part, refs));
    return parts.length === 0 ? own : { allOf: [own, ...parts] };
  };
  const walkTarget = (ref: string, refs: ReadonlySet<string>): JsonValue =>
    refs.has(ref) ? true : walk(resolvePointer(root, ref), new Set([...refs, ref]));
  try {
    return walk(root, new Set()) as JsonObject;
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

function walkKeywords(schema: JsonObject, walk: (part: JsonValue | undefined) => JsonValue): JsonObject {
  const result: JsonObject = {};
  for (const keyword of PLAIN) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  const { properties, items, prefixItems, additionalProperties } = schema;
  if (isObject(properties)) {
    result["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, part]) => [name, walk(part)]),
    );
  }
  // With patterns beside it, `additionalProperties` would speak of other names than it does.
  if (additionalProperties !== undefined && !("patternProperties" in schema)) {
    result["additionalProperties"] = walk(additionalProperties);
  }
  if (Array.isArray(prefixItems)) result["prefixItems"] = prefixItems.map(walk);
  if (items !== undefined && !Array.isArray(items)) result["items"] = walk(items);
  if (Array.isArray(schema["allOf"])) result["allOf"] = schema["allOf"].map(walk);
  const { anyOf, oneOf } = schema;
  const choices = [anyOf, oneOf].filter((list) => Array.isArray(list) && list.length > 0) as JsonValue[][];
  if (choices.length === 1) result["anyOf"] = choices[0]!.map(walk);
  return result;
}

/** The local references of a schema. */
function targetsOf({ $ref }: JsonObject): string[] {
  return typeof $ref === "string" && ($ref === "#" || $ref.startsWith("#/")) ? [$ref] : [];
}

function resolvePointer(root: JsonObject, ref: string): JsonValue {
  let value: JsonValue | undefined = root;
  for (const step of ref.split("/").slice(1)) {
    const key = decodeStep(step).replaceAll("~1", "/").replaceAll("~0", "~");
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as JsonObject)[key]
        : undefined;
  }
  return value ?? true;
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
