import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";

/** An object of keys and their values, in order; a key called `__proto__` is a key like any other. */
export function jsonObject(keys: readonly string[], values: readonly JsonValue[]): JsonObject {
  const object: JsonObject = {};
  for (const [at, key] of keys.entries()) {
    const value = values[at]!;
    if (key === "__proto__") {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    } else object[key] = value;
  }
  return object;
}
