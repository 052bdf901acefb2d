import type { JsonValue, RankerDocument } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { nameKey } from "../catalogue/name-key.ts";

/** Keywords whose values are maps from names to subschemas. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose values are data, not schemas. */
const DATA = new Set(["enum", "const", "default", "examples", "example", "required"]);
const MOST_PARTS = 5_000;
/** Of all texts of a tool together, its description first. More than a definition for a model has, and indexed in some 20 ms. */
const MOST_CHARACTERS = 65_536;
const LONGEST_TITLE = 1_000;

/** What a ranker reads of a tool: its names, its description, and every parameter of its input schema. */
export function toolDocument({ server, name, definition }: CatalogueTool): RankerDocument {
  const parameterNames: string[] = [];
  const parameterTexts: string[] = [];
  let left = MOST_CHARACTERS;
  const take = (text: string): string => {
    const taken = text.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const title = typeof definition.title === "string" ? definition.title.slice(0, LONGEST_TITLE) : "";
  const heading = title !== "" && nameKey(title) !== nameKey(name) ? `${title}. ` : "";
  const description = take(`${heading}${(definition.description ?? "").slice(0, left)}`);
  const full = (): boolean => left <= 0 || parameterNames.length + parameterTexts.length > MOST_PARTS;

  const visit = (schema: JsonValue | undefined): void => {
    if (typeof schema !== "object" || schema === null) return;
    if (full()) return;
    if (Array.isArray(schema)) {
      for (const part of schema) visit(part);
      return;
    }
    for (const [key, value] of Object.entries(schema)) {
      if (typeof value === "string") {
        if (key === "description" || key === "title") parameterTexts.push(take(value));
      } else if (MAPS.has(key) && typeof value === "object" && value !== null && !Array.isArray(value)) {
        for (const name in value) {
          if (full()) return;
          if (key === "properties") parameterNames.push(take(name));
        }
        for (const name in value) visit(value[name]);
      } else if (!DATA.has(key)) visit(value);
    }
  };
  visit(definition.inputSchema);
  return {
    server,
    name,
    description,
    parameterNames,
    parameterTexts,
  };
}
