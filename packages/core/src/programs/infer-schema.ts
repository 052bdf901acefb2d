import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** A JSON Schema of the types of a value: never the value itself. What is `null` may be anything. */
export function inferSchema(value: JsonValue | undefined): JsonObject {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) {
    const items = value.map(inferSchema);
    const same = items.every((item) => JSON.stringify(item) === JSON.stringify(items[0]));
    return { type: "array", ...(same && items[0] !== undefined && { items: items[0] }) };
  }
  if (typeof value === "object") return inferObject(value);
  return { type: typeof value };
}

function inferObject(value: JsonObject): JsonObject {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const properties = Object.fromEntries(names.map((name) => [name, inferSchema(value[name])]));
  return { type: "object", properties, required: names, additionalProperties: false };
}
