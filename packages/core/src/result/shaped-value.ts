import type { JsonValue } from "@mcp-optimizer/contracts";

/** A value within a token budget. */
export interface ShapedValue {
  readonly value: JsonValue;
  /** Each place that was cut, and what is missing there. Empty when the value is whole. */
  readonly omitted: readonly string[];
}
