import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { callSites, replaced, type CallSite } from "./call-sites.ts";

/** What was done to a right program. */
export type FaultKind =
  | "another tool name"
  | "another server name"
  | "another argument name"
  | "an argument left out"
  | "a value of another type"
  | "a value that is no choice"
  | "a text instead of an object"
  | "no await";

/** A program that was right. */
export interface PlantedFault {
  readonly kind: FaultKind;
  readonly code: string;
  /** The line of the call at which it was done. */
  readonly line: number;
}

/** Every fault that can be planted in a program at its plain calls of tools. `word` is put into names. */
export async function plantedFaults(
  program: string,
  catalogue: Catalogue,
  word = "thing",
): Promise<PlantedFault[]> {
  const sites = await callSites(program, catalogue);
  return sites.flatMap((site) => {
    const line = program.slice(0, site.start).split("\n").length;
    return [...faultsAt(program, site, catalogue, word)].map(([kind, code]) => ({ kind, code, line }));
  });
}

function* faultsAt(
  program: string,
  site: CallSite,
  catalogue: Catalogue,
  word: string,
): Generator<[FaultKind, string]> {
  const { tool, properties = [], closed, awaited } = site;
  const name = `${program.slice(site.name.start, site.name.end)}_${word}`;
  if (catalogue.lookup(`${tool.namespace}.${name}`).length === 0) {
    yield ["another tool name", replaced(program, site.name, name)];
  }
  yield ["another server name", replaced(program, site.server, `${tool.namespace}_${word}`)];
  if (awaited !== undefined) {
    yield ["no await", replaced(program, awaited, program.slice(site.start, site.end))];
  }
  yield ["a text instead of an object", replaced(program, site.args, JSON.stringify(word))];
  const { properties: listed = {}, required = [], additionalProperties } = tool.definition.inputSchema;
  const welcome = (additionalProperties ?? false) !== false;
  for (const one of properties) {
    const value = program.slice(one.value.start, one.value.end);
    if (!welcome && !Object.hasOwn(listed as JsonObject, `${one.key}_${word}`)) {
      yield ["another argument name", replaced(program, one, `${one.key}_${word}: ${value}`)];
    }
    if (closed && (required as JsonValue[]).includes(one.key)) {
      yield ["an argument left out", replaced(program, withComma(program, one), "")];
    }
    const schema = (listed as JsonObject)[one.key];
    const wrong = wrongValue(schema);
    if (wrong !== undefined) {
      yield ["a value of another type", replaced(program, one, `${one.key}: ${wrong}`)];
    }
    if (isChoice(schema)) {
      yield ["a value that is no choice", replaced(program, one, `${one.key}: "${word} ${word}"`)];
    }
  }
}

/** A property with the comma after it. */
function withComma(
  program: string,
  { start, end }: { start: number; end: number },
): { start: number; end: number } {
  const comma = /^\s*,/.exec(program.slice(end))?.[0].length ?? 0;
  return { start, end: end + comma };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isChoice = (schema: JsonValue | undefined): boolean =>
  isObject(schema) && schema["type"] === "string" && Array.isArray(schema["enum"]);

/** The text of a value that a schema of one type refuses. */
function wrongValue(schema: JsonValue | undefined): string | undefined {
  if (!isObject(schema) || "anyOf" in schema || "oneOf" in schema || "$ref" in schema) return undefined;
  switch (schema["type"]) {
    case "string":
      return "17";
    case "number":
    case "integer":
    case "boolean":
      return '"many"';
    case "array":
      return '"a list"';
    case "object":
      return "[]";
    default:
      return undefined;
  }
}
