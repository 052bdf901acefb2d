import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { KnownOutput } from "./known-output.ts";
import { schemaType } from "./schema-type.ts";
import type { TypeNode } from "./type-node.ts";

/** The types of a tool's arguments and result. */
export interface ToolTypes {
  readonly input: TypeNode;
  /** Absent when nobody tells. */
  readonly output: TypeNode | undefined;
  /** How the output is known, safe for a comment; empty when its server declares it. */
  readonly note: string;
}

const known = new WeakMap<CatalogueTool, ToolTypes>();

/** A tool's types, converted once for as long as its definition stays the same. What is known of its output goes before what is declared. */
export function toolTypes(tool: CatalogueTool, output?: KnownOutput): ToolTypes {
  const declared = declaredTypes(tool);
  return output === undefined ? declared : { ...declared, output: output.type, note: output.note };
}

function declaredTypes(tool: CatalogueTool): ToolTypes {
  let types = known.get(tool);
  if (types === undefined) {
    const { inputSchema, outputSchema } = tool.definition;
    // Some servers send null for what they leave out.
    types = {
      input: schemaType(inputSchema),
      output: outputSchema ? schemaType(outputSchema) : undefined,
      note: "",
    };
    known.set(tool, types);
  }
  return types;
}
