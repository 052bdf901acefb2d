import type { JsonValue } from "@mcp-optimizer/contracts";
import type { Shape } from "./shape.ts";

/** The emptiest value of the kind that a shape has; undefined where anything may be there. */
export function emptyValue({
  object,
  items,
  string,
  number,
  boolean,
  ...shape
}: Shape): JsonValue | undefined {
  if (object) return {};
  if (items) return [];
  if (string) return "";
  if (number) return 0;
  if (boolean) return false;
  return shape.null ? null : undefined;
}
