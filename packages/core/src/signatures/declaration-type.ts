import { keepProperties, literalBase, restMember } from "./compact-type.ts";
import { isRecursive, type TypeNames } from "./named-types.ts";
import { propertyKey } from "./property-key.ts";
import { cutText } from "./safe-text.ts";
import type { ObjectNode, TupleNode, TypeNode, TypeProperty } from "./type-node.ts";

/** How much of a declaration is printed; see CompactLimits. */
export interface DeclarationLimits {
  readonly depth: number;
  readonly width: number;
  /** Characters of a property's doc comment. */
  readonly doc: number;
  /** Characters in all. */
  readonly length: number;
}

const TOO_LONG = Symbol("too long");

/** The type over several lines with doc comments, or undefined when it is longer than the limits allow. */
export function declarationType(
  node: TypeNode,
  limits: DeclarationLimits,
  names: TypeNames,
): string | undefined {
  let left = limits.length;
  const spend = (text: string): string => {
    left -= text.length;
    if (left < 0) throw TOO_LONG;
    return text;
  };

  const print = (node: TypeNode, depth: number, indent: string): string => {
    const { kind } = node;
    if (kind === "text")
      return spend(node.note === undefined ? node.text : `${node.text} /* ${node.note} */`);
    if (kind === "object") return object(node, depth, indent);
    if (kind === "array") return `${grouped(node.items, depth, indent)}[]`;
    if (kind === "tuple") return tuple(node, depth, indent);
    if (kind === "union") {
      const more = (node.omitted ?? 0) + Math.max(0, node.members.length - limits.width);
      const texts = node.members.slice(0, limits.width).map((member) => grouped(member, depth, indent));
      if (more > 0) texts.push(`${literalBase(node.members)} /* … ${more} more */`);
      return texts.join(" | ");
    }
    if (kind === "intersection")
      return node.members.map((member) => grouped(member, depth, indent)).join(" & ");
    const { named } = node;
    return isRecursive(named) ? spend(names.nameOf(named)) : print(named.type, depth, indent);
  };

  const tuple = ({ items, required, rest }: TupleNode, depth: number, indent: string): string => {
    const parts = items.map((item, index) =>
      index < required ? print(item, depth, indent) : `${grouped(item, depth, indent)}?`,
    );
    if (rest !== undefined) parts.push(`...${grouped(rest, depth, indent)}[]`);
    return `[${parts.join(", ")}]`;
  };

  const grouped = (node: TypeNode, depth: number, indent: string): string => {
    const inner = node.kind === "named" && !isRecursive(node.named) ? node.named.type : node;
    const text = print(inner, depth, indent);
    return inner.kind === "union" || inner.kind === "intersection" ? `(${text})` : text;
  };

  const object = (node: ObjectNode, depth: number, indent: string): string => {
    const { properties, rest, note } = node;
    if (properties.length === 0 && note === undefined) {
      return spend(`Record<string, ${rest === undefined ? "unknown" : print(rest, depth + 1, indent)}>`);
    }
    if (depth >= limits.depth && properties.length > 0) {
      return spend(`{ /* … ${properties.length} ${properties.length === 1 ? "property" : "properties"} */ }`);
    }
    const inner = `${indent}  `;
    const kept = keepProperties(properties, limits.width);
    const lines = note === undefined ? [] : [`${inner}/* ${note} */`];
    for (const property of kept) {
      const doc = propertyDocLine(property, limits.doc);
      if (doc !== "") lines.push(spend(`${inner}/** ${doc} */`));
      lines.push(spend(`${inner}${propertyKey(property)}: `) + print(property.type, depth + 1, inner) + ";");
    }
    if (rest !== undefined)
      lines.push(spend(`${inner}${restMember(print(rest, depth + 1, inner), kept.length > 0)};`));
    const omitted = properties.length - kept.length;
    if (omitted > 0)
      lines.push(`${inner}/* … ${omitted} more ${omitted === 1 ? "property" : "properties"} */`);
    return `{\n${lines.join("\n")}\n${indent}}`;
  };

  try {
    return print(node, 0, "");
  } catch (error) {
    if (error === TOO_LONG) return undefined;
    throw error;
  }
}

function propertyDocLine({ doc }: TypeProperty, length: number): string {
  const about = [
    doc.fallback === undefined ? "" : `Default: ${doc.fallback}.`,
    doc.facts.length === 0 ? "" : `${doc.facts.join("; ")}.`,
  ];
  return [cutText(doc.description, length), ...about].filter((part) => part !== "").join(" ");
}
