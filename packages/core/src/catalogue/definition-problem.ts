import type { JsonObject, ToolDefinition } from "@mcp-optimizer/contracts";
import { isDeeper } from "../result/is-deeper.ts";
import { jsonSize } from "../result/json-size.ts";

const DEEPEST = 64;
const LONGEST_NAME = 512;
/** In characters of JSON. The largest of a thousand real ones has a tenth of that. */
const LARGEST = 1_048_576;

/** Why a tool definition cannot be used, in words fit to show; undefined when it can. Takes anything a server may send. */
export function definitionProblem(definition: unknown): string | undefined {
  if (!isObject(definition)) return "a tool is not an object";
  const { name, inputSchema, outputSchema, description } = definition as Partial<ToolDefinition>;
  if (typeof name !== "string" || name.trim() === "") return "a tool has no name";
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
  if (name.length > LONGEST_NAME) return `${shown}: its name is longer than ${LONGEST_NAME} characters`;
  if (!isObject(inputSchema)) return `${shown}: its inputSchema is not an object`;
  if (outputSchema !== undefined && outputSchema !== null && !isObject(outputSchema)) {
    return `${shown}: its outputSchema is not an object`;
  }
  if (description !== undefined && description !== null && typeof description !== "string") {
    return `${shown}: its description is not text`;
  }
  if (isDeeper(definition, DEEPEST))
    return `${shown}: its definition is nested more than ${DEEPEST} levels deep`;
  if (jsonSize(definition as JsonObject, LARGEST) > LARGEST)
    return `${shown}: its definition has more than ${LARGEST} characters`;
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
