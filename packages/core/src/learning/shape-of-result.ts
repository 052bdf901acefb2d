import type { JsonValue, ToolDefinition } from "@mcp-optimizer/contracts";
import { textFormat } from "../formats/find-text-format.ts";
import { formatVocabulary } from "../formats/format-vocabulary.ts";
import type { FormatVocabulary } from "../formats/format-words.ts";
import { parseText } from "../formats/parse-text.ts";
import { rowsOfQueries, takesSql } from "./rows-of-queries.ts";
import { shapeOf } from "./shape-of.ts";
import type { Shape } from "./shape.ts";

/**
 * The shape of what a program gets from a tool. A text that is all of the value, or its only member, has its format told, unless `formats` is
 * false: that takes longer than all else. Rows of a tool that takes SQL have whatever columns the query asked for.
 */
export function shapeOfResult(value: JsonValue, definition: ToolDefinition, formats: boolean = true): Shape {
  const shape = shapeWithFormat(value, definition, formats);
  return takesSql(definition) ? rowsOfQueries(shape) : shape;
}

function shapeWithFormat(value: JsonValue, definition: ToolDefinition, formats: boolean): Shape {
  const shape = shapeOf(value);
  const text = formats ? onlyText(value) : undefined;
  if (text === undefined) return shape;
  const format = formatOf(text.text, definition);
  if (text.member === undefined) return { ...shape, ...format };
  const member = shape.object?.properties.get(text.member);
  // A name that is data is not kept, and its text neither.
  if (member === undefined) return shape;
  const properties = new Map([[text.member, { ...member, shape: { ...member.shape, ...format } }]]);
  return { ...shape, object: { ...shape.object, properties } };
}

/** Longer texts with JSON in them are not parsed to learn from. */
const LONGEST_JSON = 200_000;

function formatOf(text: string, definition: ToolDefinition): Pick<Shape, "text" | "parsed"> {
  const format = textFormat(text, vocabularyOf(definition));
  if (format.kind !== "json" || text.length > LONGEST_JSON) return { text: format };
  try {
    return { text: format, parsed: shapeOf(parseText("json", text)) };
  } catch {
    return { text: format };
  }
}

const vocabularies = new WeakMap<ToolDefinition, FormatVocabulary>();

function vocabularyOf(definition: ToolDefinition): FormatVocabulary {
  let vocabulary = vocabularies.get(definition);
  if (vocabulary === undefined) vocabularies.set(definition, (vocabulary = formatVocabulary(definition)));
  return vocabulary;
}

function onlyText(value: JsonValue): { readonly text: string; readonly member?: string } | undefined {
  if (typeof value === "string") return { text: value };
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const [member, ...others] = Object.keys(value);
  const text = member === undefined ? undefined : value[member];
  return others.length === 0 && member !== undefined && typeof text === "string"
    ? { text, member }
    : undefined;
}
