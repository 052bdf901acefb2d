import type { TypeNode } from "./type-node.ts";

/** A text that is equal for equal types, comments left out. Named types count by name. */
export function typeKey(node: TypeNode): string {
  const { kind } = node;
  if (kind === "text") return node.text;
  if (kind === "array") return `[${typeKey(node.items)}*]`;
  if (kind === "named") return `<${node.named.name}>`;
  if (kind === "intersection") return `(${node.members.map(typeKey).join("&")})`;
  if (kind === "union") return `(${node.members.map(typeKey).join("|")}|${node.omitted ?? 0})`;
  const rest = node.rest === undefined ? "" : typeKey(node.rest);
  if (kind === "tuple") return `[${node.items.map(typeKey).join(",")}:${node.required}:${rest}]`;
  const properties = node.properties.map(
    ({ name, optional, type }) => `${JSON.stringify(name)}${optional ? "?" : ""}:${typeKey(type)}`,
  );
  return `{${properties.join(";")};${rest};${node.note ?? ""}}`;
}
