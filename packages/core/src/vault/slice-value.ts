import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";

/** Items of a list, or characters of a text, from an index to before another; negative ones count from the end. A surrogate pair stays whole. */
export function sliceValue(value: JsonValue, from: number, to: number | undefined): JsonValue {
  if (Array.isArray(value)) return value.slice(from, to);
  if (typeof value === "string") {
    const start = placeIn(value, from);
    return value.slice(start, Math.max(start, placeIn(value, to ?? value.length)));
  }
  const what =
    value !== null && typeof value === "object"
      ? `an object of ${Object.keys(value).length} keys; take parts of it with vault.select(handle, "$.key")`
      : `${JSON.stringify(value)}; vault.open(handle) gives it`;
  throw new OptimizerError("invalid_params", {
    detail: `vault.slice takes lists and texts, and this is ${what}`,
  });
}

/** An index counted from the start; the one before it where it is inside a pair. */
function placeIn(text: string, index: number): number {
  const place = Math.min(index < 0 ? Math.max(0, text.length + index) : index, text.length);
  const inside = /[\uDC00-\uDFFF]/.test(text[place] ?? "") && /[\uD800-\uDBFF]/.test(text[place - 1] ?? "");
  return inside ? place - 1 : place;
}
