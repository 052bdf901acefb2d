import type { JsonObject, ToolDefinition } from "@mcp-optimizer/contracts";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";
import { toolSignatures } from "../../src/signatures/tool-signatures.ts";

/** A tool of a catalogue of its own. */
export function catalogued(definition: ToolDefinition, server = "s"): CatalogueTool {
  return buildCatalogue([{ name: server, status: { state: "ready" }, tools: [definition] }]).tools[0]!;
}

/** The tools of one server. */
export function cataloguedAll(
  definitions: readonly ToolDefinition[],
  server = "s",
): readonly CatalogueTool[] {
  return buildCatalogue([{ name: server, status: { state: "ready" }, tools: definitions }]).tools;
}

/** The type that a schema has as a tool's result, on one line, with the types that it refers to. */
export function typeOf(outputSchema: JsonObject): string {
  const tool = catalogued({ name: "t", inputSchema: { type: "object" }, outputSchema });
  const { signatures, types } = toolSignatures([tool], { result: 2_000 });
  return [signatures[0]!.slice("s.t(): Promise<".length, -1), ...types].join("; ");
}

/** The type that a property of this schema has among a tool's arguments. */
export function propertyOf(schema: JsonObject, name = "x"): string {
  const tool = catalogued({ name: "t", inputSchema: { type: "object", properties: { [name]: schema } } });
  return toolSignatures([tool]).signatures[0]!.slice("s.t(args?: { ".length, -" }): Promise<unknown>".length);
}
