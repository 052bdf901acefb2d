import type { JsonValue, RankerDocument } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { nameKey } from "../catalogue/name-key.ts";

/** Keywords whose values are maps from names to subschemas. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose values are data, not schemas. */
const DATA = new Set(["enum", "const", "default", "examples", "example", "required"]);
const MOST_PARTS = 5_000;

/** What a ranker reads of a tool: its names, its description, and every parameter of its input schema. */
export function toolDocument({ server, name, definition }: CatalogueTool): RankerDocument {
  const parameterNames: string[] = [];
  const parameterTexts: string[] = [];
  const title =
    typeof definition.title === "string" && nameKey(definition.title) !== nameKey(name)
      ? `${definition.title}. `
      : "";

  const visit = (schema: JsonValue | undefined): void => {
    if (typeof schema !== "object" || schema === null) return;
    if (parameterNames.length + parameterTexts.length > MOST_PARTS) return;
    if (Array.isArray(schema)) {
      for (const part of schema) visit(part);
      return;
    }
    for (const [key, value] of Object.entries(schema)) {
      if (typeof value === "string") {
        if (key === "description" || key === "title") parameterTexts.push(value);
      } else if (MAPS.has(key) && typeof value === "object" && value !== null && !Array.isArray(value)) {
        if (key === "properties") parameterNames.push(...Object.keys(value));
        for (const part of Object.values(value)) visit(part);
      } else if (!DATA.has(key)) visit(value);
    }
  };
  visit(definition.inputSchema);
  return {
    server,
    name,
    description: `${title}${definition.description ?? ""}`,
    parameterNames,
    parameterTexts,
  };
}
