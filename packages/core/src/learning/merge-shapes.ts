import { mergeTextFormats } from "../formats/merge-text-formats.ts";
import { boundShape } from "./bound-shape.ts";
import { namesAreData, namesDiffer } from "./names-are-data.ts";
import { ANYTHING, isMap, NOTHING, type ObjectShape, type PropertyShape, type Shape } from "./shape.ts";

/**
 * One shape for the values of both. What either accepts, it accepts; in which order shapes are merged does not matter for that, nor
 * whether one is merged twice.
 */
export function mergeShapes(a: Shape, b: Shape): Shape {
  return boundShape(joinShapes(a, b));
}

/** As {@link mergeShapes}, but of any size. */
export function joinShapes(a: Shape, b: Shape): Shape {
  if (a === b || b === NOTHING) return a;
  if (a === NOTHING) return b;
  if (a.any ?? b.any) return ANYTHING;
  const text = joined(a.text, b.text, mergeTextFormats);
  const parsed = joined(a.parsed, b.parsed, joinShapes);
  const items = joined(a.items, b.items, joinShapes);
  const object = joined(a.object, b.object, joinObjects);
  return {
    ...((a.null ?? b.null) && { null: true }),
    ...((a.boolean ?? b.boolean) && { boolean: true }),
    ...((a.number ?? b.number) && { number: true }),
    ...((a.string ?? b.string) && { string: true }),
    ...(text && { text }),
    ...(parsed && { parsed }),
    ...(items && { items }),
    ...(object && { object }),
  };
}

/** An object of fixed names as a map of the same values. */
export function asMap({ properties, rest = NOTHING }: ObjectShape): ObjectShape {
  const shapes = [...properties.values()].map(({ shape }) => shape);
  return { properties: new Map(), rest: shapes.reduce(joinShapes, rest) };
}

/** An object as a map where its names are data. */
export const settled = (object: ObjectShape): ObjectShape => (namesAreData(object) ? asMap(object) : object);

function joinObjects(a: ObjectShape, b: ObjectShape): ObjectShape {
  const properties = new Map<string, PropertyShape>();
  for (const [name, { shape, optional }] of a.properties) {
    const other = b.properties.get(name);
    properties.set(name, {
      shape: other === undefined ? shape : joinShapes(shape, other.shape),
      optional: optional || (other?.optional ?? true),
    });
  }
  for (const [name, { shape }] of b.properties) {
    if (!properties.has(name)) properties.set(name, { shape, optional: true });
  }
  const rest = joined(a.rest, b.rest, joinShapes);
  const both = { properties, ...(rest && { rest }) };
  return isMap(a) || isMap(b) || namesDiffer(a, b) ? asMap(both) : settled(both);
}

const joined = <Part>(
  a: Part | undefined,
  b: Part | undefined,
  join: (a: Part, b: Part) => Part,
): Part | undefined => (a === undefined ? b : b === undefined ? a : join(a, b));
