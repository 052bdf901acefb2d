import type { ToolDefinition } from "@mcp-optimizer/contracts";

const DEEPEST = 64;
const LONGEST_NAME = 512;

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
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDeeper(value: object, limit: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((node) =>
      Object.values(node).filter((child) => typeof child === "object" && child !== null),
    );
  }
  return false;
}
