import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { TypeNode } from "./type-node.ts";

/** `namespace.identifier(…): Promise<…>` around printed types, with a note on the result behind it. Arguments that are all optional may be left out; none are not shown. */
export function toolHead(
  tool: CatalogueTool,
  input: TypeNode,
  args: string,
  result: string,
  note: string = "",
): string {
  return `${tool.path}(${takesNothing(input) ? "" : `args${mayBeLeftOut(input) ? "?" : ""}: ${args}`}): Promise<${result}>${note === "" ? "" : ` /* ${note} */`}`;
}

function takesNothing(input: TypeNode): boolean {
  return (
    input.kind === "object" &&
    input.properties.length === 0 &&
    input.rest === undefined &&
    input.note === undefined
  );
}

function mayBeLeftOut(input: TypeNode): boolean {
  return (
    input.kind === "object" &&
    input.note === undefined &&
    input.properties.every((property) => property.optional)
  );
}
