import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { schemaType } from "./schema-type.ts";
import type { TypeNode } from "./type-node.ts";

/** The types of a tool's arguments and result. */
export interface ToolTypes {
  readonly input: TypeNode;
  /** Absent when the server does not tell. */
  readonly output: TypeNode | undefined;
}

const known = new WeakMap<CatalogueTool, ToolTypes>();

/** A tool's types, converted once for as long as its definition stays the same. */
export function toolTypes(tool: CatalogueTool): ToolTypes {
  let types = known.get(tool);
  if (types === undefined) {
    const { inputSchema, outputSchema } = tool.definition;
    // Some servers send null for what they leave out.
    types = { input: schemaType(inputSchema), output: outputSchema ? schemaType(outputSchema) : undefined };
    known.set(tool, types);
  }
  return types;
}
