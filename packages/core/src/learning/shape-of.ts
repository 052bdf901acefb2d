import type { JsonValue } from "@mcp-optimizer/contracts";
import { boundShape } from "./bound-shape.ts";
import { ShapeBuilder } from "./shape-builder.ts";
import type { Shape } from "./shape.ts";

/** Values that are looked at. */
const MOST_VALUES = 10_000;

/**
 * The shape of a value. A value of up to 10,000 parts, in lists of up to 1,000 (inner ones 200), is looked at whole; of a larger one a
 * sample, so that any takes about the same time.
 */
export function shapeOf(value: JsonValue): Shape {
  const builder = new ShapeBuilder();
  builder.add(value, { left: MOST_VALUES }, 0);
  return boundShape(builder.shape());
}
