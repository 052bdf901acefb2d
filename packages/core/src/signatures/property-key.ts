import { isIdentifier } from "../catalogue/assign-identifiers.ts";
import { literalText } from "./safe-text.ts";
import type { TypeProperty } from "./type-node.ts";

/** A property's name as an object type writes it: quoted where it must be, with `?` when it is optional. */
export function propertyKey({ name, optional }: TypeProperty): string {
  return `${isIdentifier(name) ? name : literalText(name)}${optional ? "?" : ""}`;
}
