import { ANYTHING, type Shape } from "./shape.ts";

/** Parts of a shape at most: members, items and the shape itself. */
export const MOST_PARTS = 400;
const DEEPEST = 10;

/** The shape itself, or one without its deepest parts that has at most {@link MOST_PARTS}: anything may be there then. */
export function boundShape(shape: Shape): Shape {
  for (let depth = DEEPEST; depth > 0; depth -= 1) {
    const cut = cutBelow(shape, depth);
    if (countParts(cut, MOST_PARTS) <= MOST_PARTS) return cut;
  }
  return ANYTHING;
}

function cutBelow(shape: Shape, depth: number): Shape {
  const { items, object, parsed } = shape;
  if (items === undefined && object === undefined && parsed === undefined) return shape;
  if (depth === 0) return ANYTHING;
  const { rest } = object ?? {};
  return {
    ...shape,
    ...(parsed && { parsed: cutBelow(parsed, depth - 1) }),
    ...(items && { items: cutBelow(items, depth - 1) }),
    ...(object && {
      object: {
        properties: new Map(
          [...object.properties].map(([name, member]) => [
            name,
            { ...member, shape: cutBelow(member.shape, depth - 1) },
          ]),
        ),
        ...(rest && { rest: cutBelow(rest, depth - 1) }),
      },
    }),
  };
}

/** Parts of a shape; stops soon after `limit`. */
function countParts({ items, object, parsed }: Shape, limit: number): number {
  let count = 1;
  const inner = [
    items,
    parsed,
    object?.rest,
    ...[...(object?.properties.values() ?? [])].map(({ shape }) => shape),
  ];
  for (const part of inner) {
    if (part !== undefined && count <= limit) count += countParts(part, limit - count);
  }
  return count;
}
