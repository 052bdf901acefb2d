import { formatNote } from "../formats/format-note.ts";
import { unionOf } from "../signatures/combine-types.ts";
import { compactType } from "../signatures/compact-type.ts";
import { TypeNames } from "../signatures/named-types.ts";
import { safeText } from "../signatures/safe-text.ts";
import { UNKNOWN, type ObjectNode, type TypeNode } from "../signatures/type-node.ts";
import type { ObjectShape, Shape } from "./shape.ts";

const keyword = (text: string): TypeNode => ({ kind: "text", text });

/** A shape as a TypeScript type; `unknown` where nothing was seen, or too much. A text in a member has its format beside it. */
export function shapeType(shape: Shape): TypeNode {
  const { any, boolean, number, items, object } = shape;
  if (any === true) return UNKNOWN;
  const kinds: TypeNode[] = [
    ...(object ? [objectType(object)] : []),
    ...(items ? [{ kind: "array", items: shapeType(items) } as const] : []),
    ...(shape.string ? [keyword("string")] : []),
    ...(number ? [keyword("number")] : []),
    ...(boolean ? [keyword("boolean")] : []),
    ...(shape.null ? [keyword("null")] : []),
  ];
  return unionOf(kinds);
}

function objectType({ properties, rest }: ObjectShape): ObjectNode {
  return {
    kind: "object",
    properties: [...properties].map(([name, { shape, optional }]) => ({
      name,
      type: withFormat(shapeType(shape), shape),
      optional,
      doc: { description: "", facts: [], fallback: undefined },
    })),
    rest: rest && shapeType(rest),
  };
}

/** The type of a text with what is known of its format. */
export function withFormat(type: TypeNode, shape: Shape): TypeNode {
  const note = textNote(shape);
  return note === "" || type.kind !== "text" ? type : { ...type, note: `seen: ${note}` };
}

/** The format of a text, and what JSON in it holds, safe for a comment; empty where there is nothing to say. */
export function textNote({ text, parsed }: Shape): string {
  if (text === undefined || (text.kind === "text" && /^<(?:word|text)>$/u.test(text.sample))) return "";
  const note = formatNote(text);
  return text.kind === "json" && parsed !== undefined ? `${note} gives ${typeInComment(parsed)}` : note;
}

const LONGEST_INNER = 240;

function typeInComment(shape: Shape): string {
  const type = shapeType(shape);
  for (const depth of [5, 3, 2, 1]) {
    const limits = { depth, top: 20, width: 20, note: undefined, length: LONGEST_INNER };
    const text = compactType(type, limits, { names: new TypeNames() }, "");
    // What is left out stands in comments of its own.
    if (text !== undefined) return safeText(text.replaceAll("/* ", "").replaceAll(" */", ""));
  }
  return "much";
}
