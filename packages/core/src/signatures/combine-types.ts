import { isKeyword, NEVER, UNKNOWN, type ObjectNode, type TypeNode, type TypeProperty } from "./type-node.ts";
import { typeKey } from "./type-key.ts";

const MOST_MEMBERS = 200;

/** Any of some types. Equal members are kept once; `null` goes last. */
export function unionOf(types: readonly TypeNode[]): TypeNode {
  const members = new Map<string, TypeNode>();
  let omitted = 0;
  for (const type of types) {
    if (isKeyword(type, "unknown")) return type;
    omitted += type.kind === "union" ? (type.omitted ?? 0) : 0;
    for (const member of type.kind === "union" ? type.members : [type]) {
      if (!isKeyword(member, "never")) members.set(typeKey(member), member);
    }
  }
  const all = [...members.values()];
  const sorted = [
    ...all.filter((type) => !isKeyword(type, "null")),
    ...all.filter((type) => isKeyword(type, "null")),
  ];
  omitted += Math.max(0, sorted.length - MOST_MEMBERS);
  const kept = sorted.slice(0, MOST_MEMBERS);
  if (kept.length === 0) return types.length === 0 ? UNKNOWN : NEVER;
  return kept.length === 1 && omitted === 0
    ? kept[0]!
    : { kind: "union", members: kept, omitted: omitted || undefined };
}

/** All of some types at once. Objects become one object. */
export function intersectionOf(types: readonly TypeNode[]): TypeNode {
  const members: TypeNode[] = [];
  let unknown = UNKNOWN;
  for (const type of types.flatMap((type) => (type.kind === "intersection" ? type.members : [type]))) {
    if (isKeyword(type, "never")) return type;
    if (isKeyword(type, "unknown")) {
      unknown = type.kind === "text" && type.note !== undefined ? type : unknown;
      continue;
    }
    const object = type.kind === "object" ? members.findIndex((member) => member.kind === "object") : -1;
    if (object >= 0) members[object] = mergeObjects(members[object] as ObjectNode, type as ObjectNode);
    else if (!members.some((member) => typeKey(member) === typeKey(type))) members.push(type);
  }
  // An object that says nothing adds nothing to a union of objects.
  const telling = members.filter((type) => !isAnyObject(type));
  const kept = telling.length > 0 && telling.every(isObjectLike) ? telling : members;
  return kept.length === 0 ? unknown : kept.length === 1 ? kept[0]! : { kind: "intersection", members: kept };
}

/** Whether a type is an object of which nothing is known. */
export function isAnyObject(type: TypeNode): boolean {
  return (
    type.kind === "object" &&
    type.properties.length === 0 &&
    type.note === undefined &&
    (type.rest === undefined || isKeyword(type.rest, "unknown"))
  );
}

function isObjectLike(type: TypeNode): boolean {
  return type.kind === "union"
    ? type.members.every(isObjectLike)
    : type.kind === "object" || type.kind === "named";
}

function mergeObjects(a: ObjectNode, b: ObjectNode): ObjectNode {
  const properties = new Map<string, TypeProperty>(a.properties.map((property) => [property.name, property]));
  for (const property of b.properties) {
    const other = properties.get(property.name);
    properties.set(property.name, other === undefined ? property : mergeProperties(other, property));
  }
  const rest =
    a.rest === undefined ? b.rest : b.rest === undefined ? a.rest : intersectionOf([a.rest, b.rest]);
  const note = [a.note, b.note].filter((text) => text !== undefined).join("; ") || undefined;
  return { kind: "object", properties: [...properties.values()], rest, note };
}

function mergeProperties(a: TypeProperty, b: TypeProperty): TypeProperty {
  return {
    name: a.name,
    type: intersectionOf([a.type, b.type]),
    optional: a.optional && b.optional,
    doc: {
      description: a.doc.description || b.doc.description,
      facts: [...new Set([...a.doc.facts, ...b.doc.facts])],
      fallback: a.doc.fallback ?? b.doc.fallback,
    },
  };
}
