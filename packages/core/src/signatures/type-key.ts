import type { TypeNode } from "./type-node.ts";

/** A text that is equal for equal types, comments left out. Named types count by name. */
export function typeKey(node: TypeNode): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "array":
      return `[${typeKey(node.items)}*]`;
    case "tuple":
      return `[${node.items.map(typeKey).join(",")}:${node.required}:${node.rest === undefined ? "" : typeKey(node.rest)}]`;
    case "object": {
      const properties = node.properties.map(
        ({ name, optional, type }) => `${JSON.stringify(name)}${optional ? "?" : ""}:${typeKey(type)}`,
      );
      return `{${properties.join(";")};${node.rest === undefined ? "" : typeKey(node.rest)};${node.note ?? ""}}`;
    }
    case "union":
      return `(${node.members.map(typeKey).join("|")}|${node.omitted ?? 0})`;
    case "intersection":
      return `(${node.members.map(typeKey).join("&")})`;
    case "named":
      return `<${node.named.name}>`;
  }
}
