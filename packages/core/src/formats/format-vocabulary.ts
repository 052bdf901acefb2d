import type { JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";
import { stem } from "porter2";
import { splitWords } from "../catalogue/split-words.ts";
import type { FormatVocabulary } from "./format-words.ts";

/** Characters of a definition that words are taken from. */
const MOST_TEXT = 20_000;
const MOST_DEPTH = 12;

/** The stems of the words of a tool's definition: its name, descriptions, names of parameters and their listed values. */
export function formatVocabulary({
  name,
  title,
  description,
  inputSchema,
}: ToolDefinition): FormatVocabulary {
  const texts = [name, title ?? "", description ?? ""];
  addSchema(inputSchema, texts, 0);
  return new Set(splitWords(texts.join("\n").slice(0, MOST_TEXT)).map(stem));
}

/** The words of a schema that are its author's, not JSON Schema's. */
function addSchema(schema: JsonValue | undefined, texts: string[], depth: number): void {
  if (typeof schema !== "object" || schema === null || depth > MOST_DEPTH || texts.length > 2_000) return;
  if (Array.isArray(schema)) {
    for (const item of schema) addSchema(item, texts, depth + 1);
    return;
  }
  for (const [key, value] of Object.entries(schema)) {
    if (key === "title" || key === "description" || key === "const") texts.push(textOf(value));
    else if (key === "enum" && Array.isArray(value)) texts.push(...value.slice(0, 200).map(textOf));
    else if (key === "properties" && typeof value === "object" && value !== null) {
      texts.push(...Object.keys(value));
      for (const property of Object.values(value)) addSchema(property, texts, depth + 1);
    } else addSchema(value, texts, depth + 1);
  }
}

const textOf = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");
