import type { PolicyTool } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";

/** A tool of the catalogue, as policies name it. */
export function asPolicyTool({ server, name, definition }: CatalogueTool): PolicyTool {
  const { annotations = {}, inputSchema } = definition;
  const { properties } = inputSchema;
  const parameters = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return { server, name, annotations, parameters };
}
