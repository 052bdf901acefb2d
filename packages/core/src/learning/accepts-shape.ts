import type { JsonValue } from "@mcp-optimizer/contracts";
import type { Shape } from "./shape.ts";

/** Whether a value has a shape: each kind in it was seen at its place, and nothing is missing that was always there. */
export function acceptsShape(shape: Shape, value: JsonValue | undefined): boolean {
  if (shape.any === true) return true;
  if (value === null || value === undefined) return shape.null === true;
  if (typeof value === "string") return shape.string === true;
  if (typeof value === "number") return shape.number === true;
  if (typeof value === "boolean") return shape.boolean === true;
  if (Array.isArray(value)) {
    const { items } = shape;
    return items !== undefined && value.every((item) => acceptsShape(items, item));
  }
  const { object } = shape;
  if (object === undefined) return false;
  const { properties, rest } = object;
  for (const [name, { optional }] of properties) {
    if (!optional && (!Object.hasOwn(value, name) || value[name] === undefined)) return false;
  }
  return Object.keys(value).every((name) => {
    const member = value[name];
    const own = properties.get(name)?.shape;
    return (
      member === undefined ||
      (own !== undefined && acceptsShape(own, member)) ||
      (rest !== undefined && acceptsShape(rest, member))
    );
  });
}
