import { propertyNote } from "./property-note.ts";
import { isRecursive, type TypeNames } from "./named-types.ts";
import { propertyKey } from "./property-key.ts";
import type { ObjectNode, TupleNode, TypeNode, TypeProperty } from "./type-node.ts";

/** How much of a type is printed. */
export interface CompactLimits {
  /** Levels of objects. What is deeper shows its number of properties only. */
  readonly depth: number;
  /** Properties of the outermost object; required ones are kept first. */
  readonly top: number;
  /** Properties of inner objects, and members of a union. */
  readonly width: number;
  /** Characters of a property's description. 0 leaves descriptions out; undefined leaves bounds and defaults out too. */
  readonly note: number | undefined;
  /** Characters in all. */
  readonly length: number;
}

/** Prints types on one line. */
export interface CompactPrinter {
  readonly names: TypeNames;
  /** Told of each printed object type, with a name that would suit it. */
  readonly seen?: (text: string, hint: string) => void;
}

const TOO_LONG = Symbol("too long");
/** How strongly an operator binds: what is weaker than its place needs parentheses. */
const UNION = 0;
const INTERSECTION = 1;
const ATOM = 2;

interface Printed {
  readonly text: string;
  readonly binding: number;
}

/** The type on one line, or undefined when it is longer than the limits allow. */
export function compactType(
  node: TypeNode,
  limits: CompactLimits,
  printer: CompactPrinter,
  hint: string,
): string | undefined {
  let left = limits.length;
  /** Counts characters as soon as they are known to be printed, so that a huge type is given up early. */
  const spend = (text: string): string => {
    left -= text.length;
    if (left < 0) throw TOO_LONG;
    return text;
  };

  const print = (node: TypeNode, depth: number, hint: string): Printed => {
    const { kind } = node;
    if (kind === "text")
      return atom(spend(node.note === undefined ? node.text : `${node.text} /* ${node.note} */`));
    if (kind === "object") return object(node, depth, hint);
    if (kind === "array")
      return atom(`${within(print(node.items, depth, singular(hint)), ATOM)}${spend("[]")}`);
    if (kind === "tuple") return tuple(node, depth, hint);
    if (kind === "union") return union(node.members, node.omitted ?? 0, depth, hint);
    if (kind === "intersection") {
      const members = node.members.map((member) => within(print(member, depth, hint), INTERSECTION));
      return { text: members.join(spend(" & ")), binding: INTERSECTION };
    }
    const { named } = node;
    return isRecursive(named)
      ? atom(spend(printer.names.nameOf(named)))
      : print(named.type, depth, named.name);
  };

  const tuple = ({ items, required, rest }: TupleNode, depth: number, hint: string): Printed => {
    const parts = items.map((item, index) => {
      const printed = print(item, depth, hint);
      return index < required ? printed.text : `${within(printed, ATOM)}?`;
    });
    if (rest !== undefined) parts.push(`...${within(print(rest, depth, hint), ATOM)}[]`);
    return atom(`[${parts.join(spend(", "))}]`);
  };

  const union = (members: readonly TypeNode[], omitted: number, depth: number, hint: string): Printed => {
    // Literals are short: it is not worth hiding a few.
    const width = Math.max(limits.width, members.every((member) => member.kind === "text") ? 8 : 2);
    const more = omitted + Math.max(0, members.length - width);
    const texts = members.slice(0, width).map((member) => within(print(member, depth, hint), INTERSECTION));
    if (more > 0) texts.push(`${literalBase(members)} /* … ${more} more */`);
    const kept = [...new Set(texts)];
    return { text: kept.join(spend(" | ")), binding: kept.length > 1 ? UNION : ATOM };
  };

  const object = (node: ObjectNode, depth: number, hint: string): Printed => {
    const { properties, rest, note } = node;
    if (properties.length === 0 && note === undefined) {
      if (rest === undefined) return atom(spend("Record<string, unknown>"));
      return atom(`${spend("Record<string, ")}${print(rest, depth + 1, hint).text}>`);
    }
    if (depth >= limits.depth && properties.length > 0) {
      return atom(spend(`{ /* … ${count(properties.length, "property", "properties")} */ }`));
    }
    const kept = keepProperties(properties, depth === 0 ? limits.top : limits.width);
    const parts = kept.map((property) => member(property, depth));
    const index = rest === undefined ? [] : [restMember(print(rest, depth + 1, hint).text, parts.length > 0)];
    const omitted = properties.length - kept.length;
    const comments = [
      note === undefined ? "" : ` /* ${note} */`,
      omitted === 0 ? "" : ` /* … ${omitted} more ${omitted === 1 ? "property" : "properties"} */`,
    ].join("");
    const plain = `${spend("{ ")}${[...parts, ...index].join("; ")}${comments}${spend(" }")}`.replace(
      "{  ",
      "{ ",
    );
    printer.seen?.(plain, hint);
    return atom(plain);
  };

  const member = (property: TypeProperty, depth: number): string => {
    const key = spend(`${propertyKey(property)}: `);
    const { text } = print(property.type, depth + 1, property.name);
    const note = propertyNote(property, limits.note);
    return `${key}${text}${note === "" ? "" : spend(` /* ${note} */`)}`;
  };

  try {
    const { text } = print(node, 0, hint);
    return text.length > limits.length ? undefined : text;
  } catch (error) {
    if (error === TOO_LONG) return undefined;
    throw error;
  }
}

/** An index signature that every property fits, so that the type is legal. */
export function restMember(text: string, besideProperties: boolean): string {
  return besideProperties && text !== "unknown"
    ? `[key: string]: unknown /* ${text.replaceAll("*/", "* /")} */`
    : `[key: string]: ${text}`;
}

/** The properties to keep when only `width` fit: required ones first, shown in the schema's order. */
export function keepProperties(properties: readonly TypeProperty[], width: number): readonly TypeProperty[] {
  if (properties.length <= width) return properties;
  const required = properties.filter((property) => !property.optional);
  const kept = new Set([...required, ...properties.filter((property) => property.optional)].slice(0, width));
  return properties.filter((property) => kept.has(property));
}

/** The keyword for members of a union that are left out. */
export function literalBase(members: readonly TypeNode[]): string {
  const texts = members.map((member) => (member.kind === "text" ? member.text : ""));
  if (texts.every((text) => text.startsWith('"') || text === "string")) return "string";
  if (texts.every((text) => /^-?\d/u.test(text) || text === "number")) return "number";
  return "unknown";
}

function singular(name: string): string {
  return name.replace(/ies$/u, "y").replace(/(?<!s)s$/u, "");
}

function atom(text: string): Printed {
  return { text, binding: ATOM };
}

function within(printed: Printed, place: number): string {
  return printed.binding < place ? `(${printed.text})` : printed.text;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
