import type { ObjectShape, PropertyShape, Shape } from "./shape.ts";

/** Objects with more members are maps whatever the members are. */
const MOST_NAMES = 200;
const MANY_NAMES = 24;
const SOME_NAMES = 12;
const FEW_NAMES = 4;

/** Whether an object's names are data, by the names and what they hold: very many, many that hold the same, or many that come and go. */
export function namesAreData({ properties }: ObjectShape): boolean {
  const count = properties.size;
  if (count < FEW_NAMES) return false;
  if (count > MOST_NAMES) return true;
  const members = [...properties.values()];
  if (count >= MANY_NAMES && members.every(({ shape }) => isScalar(shape)) && areAlike(members)) return true;
  if (count >= SOME_NAMES && members.every(({ shape, optional }) => optional && isScalar(shape))) return true;
  return members.every(({ shape }) => (shape.object?.properties.size ?? 0) >= 2) && areAlike(members);
}

/** Whether the names of two objects, which have none in common, are data: what they hold is alike, or rows of different columns. */
export function namesDiffer(a: ObjectShape, b: ObjectShape): boolean {
  if (a.properties.size === 0 || b.properties.size === 0) return false;
  for (const name of a.properties.keys()) if (b.properties.has(name)) return false;
  const members = [...a.properties.values(), ...b.properties.values()];
  return (
    (members.length >= 3 && areAlike(members)) ||
    (members.length >= FEW_NAMES && members.every(({ shape }) => isScalar(shape)))
  );
}

const isScalar = ({ any, items, object }: Shape): boolean =>
  any === undefined && items === undefined && object === undefined;

function areAlike(members: readonly PropertyShape[]): boolean {
  const [first = "", ...others] = members.map(({ shape }) => kindOf(shape)).filter((kind) => kind !== "");
  return others.every((kind) => kind === first);
}

/** What kinds a shape has, `null` left out; of objects, their names. */
function kindOf({ any, boolean, number, string, items, object }: Shape): string {
  const kinds = [
    any && "any",
    boolean && "boolean",
    number && "number",
    string && "string",
    items && "list",
    object && `{${[...object.properties.keys()].toSorted().join(",")}}`,
  ];
  return kinds.filter((kind) => kind !== undefined).join("|");
}
