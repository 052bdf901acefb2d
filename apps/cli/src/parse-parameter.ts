import type { JsonObject } from "@mcp-optimizer/contracts";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";

const TYPES: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean", "array", "object"]);

/** The JSON Schema of parameters that are written as `name:type`, or `name?:type` where one may be left out. Throws `invalid_params`. */
export function parseParameters(texts: readonly string[]): JsonObject {
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const text of texts) {
    const { name, type, optional } = parseParameter(text);
    if (Object.hasOwn(properties, name)) throw invalid(`--param names ${name} twice`);
    properties[name] = { type };
    if (!optional) required.push(name);
  }
  return { type: "object", properties, required, additionalProperties: false };
}

function parseParameter(text: string): { name: string; type: string; optional: boolean } {
  const match = /^([A-Za-z_$][\w$]*)(\??):([a-z]+)$/.exec(text);
  const [, name = "", mark, type = ""] = match ?? [];
  if (match !== null && TYPES.has(type)) return { name, type, optional: mark === "?" };
  throw invalid(
    `--param takes NAME:TYPE, not ${JSON.stringify(text.slice(0, 100))}; a type is ${[...TYPES].join(", ")}`,
  );
}

const invalid = (detail: string): OptimizerError => new OptimizerError("invalid_params", { detail });
