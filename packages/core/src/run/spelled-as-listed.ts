import type { JsonObject } from "@mcp-optimizer/contracts";
import { nameKey } from "../catalogue/name-key.ts";

/**
 * Arguments under the names that a schema lists: Python's `max_count` becomes `maxCount` where the schema has no `max_count`, exactly
 * one name like it, and that is not given too. What is inside the arguments stays.
 */
export function spelledAsListed({ properties }: JsonObject, args: JsonObject): JsonObject {
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) return args;
  const strange = Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
  if (strange.length === 0) return args;
  const listed = Map.groupBy(Object.keys(properties), nameKey);
  const renamed = new Map<string, string>();
  for (const name of strange) {
    const [meant, ...others] = listed.get(nameKey(name)) ?? [];
    if (meant === undefined || others.length > 0 || Object.hasOwn(args, meant)) continue;
    if ([...renamed.values()].includes(meant)) continue;
    renamed.set(name, meant);
  }
  if (renamed.size === 0) return args;
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [renamed.get(name) ?? name, value]));
}
