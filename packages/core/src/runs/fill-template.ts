import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { isReference } from "./inverses.ts";

/** What references of a template reach into. */
export interface TemplateSources {
  readonly args: JsonObject;
  readonly result: JsonValue;
}

/** Arguments from a template. Or the first reference that leads nowhere. */
export function fillTemplate(
  template: JsonObject,
  sources: TemplateSources,
): { readonly args: JsonObject } | { readonly missing: string } {
  const missing: string[] = [];
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value !== "object" || value === null) return value;
    if (isReference(value)) {
      const reference = typeof value.$from === "string" ? value.$from : "";
      const found = partAt(sources as unknown as JsonObject, reference.split("."));
      if (found === undefined) missing.push(reference);
      return found ?? null;
    }
    if (Array.isArray(value)) return value.map(fill);
    // Not an assignment: a member may be called `__proto__`.
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part ?? null)]));
  };
  const args = fill(template);
  const [first] = missing;
  if (first !== undefined) return { missing: first };
  // A template that is all one reference.
  const isObject = typeof args === "object" && args !== null && !Array.isArray(args);
  return isObject ? { args } : { missing: "an object of arguments" };
}

function partAt(value: JsonValue | undefined, [name, ...rest]: readonly string[]): JsonValue | undefined {
  if (name === undefined || value === undefined) return value;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(name) ? partAt(value[Number(name)], rest) : undefined;
  return partAt(value[name], rest);
}
