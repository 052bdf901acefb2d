import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { jsonSize } from "../result/json-size.ts";
import { closestName } from "./closest-name.ts";

/** Says what is wrong with a tool's arguments, one line each; empty when nothing is. */
export type ArgumentCheck = (tool: CatalogueTool, args: JsonObject) => string[];

/** A larger schema takes too long to compile; its server checks alone. In characters of JSON. */
const LARGEST_SCHEMA = 200_000;
const SMALL_ARGUMENTS = 16_384;
const MOST_PROBLEMS = 5;

const OPTIONS = {
  strict: false,
  validateFormats: false,
  // Compiling the meta-schema would cost more than all else; a schema that is none fails to compile.
  meta: false,
  validateSchema: false,
  // A server's pattern may take exponential time on this thread, so patterns are left to the server.
  code: { regExp: Object.assign(() => ({ test: () => true }), { code: "(() => ({ test: () => true }))" }) },
  logger: false,
} as const;

/**
 * Checks arguments against a tool's input schema (JSON Schema 2020-12) before its server sees them.
 * Patterns, formats, remote references and schemas that do not compile are left to the server.
 * An argument that the schema does not list is a problem unless the schema says that others are welcome.
 */
export function createArgumentCheck(): ArgumentCheck {
  const compiled = new Map<string, ValidateFunction | null>();
  const validatorOf = (tool: CatalogueTool, allErrors: boolean): ValidateFunction | null => {
    const key = `${tool.hash} ${allErrors}`;
    let validate = compiled.get(key);
    if (validate === undefined) {
      validate = compile(tool.definition.inputSchema, allErrors);
      if (compiled.size >= 1_000) compiled.clear();
      compiled.set(key, validate);
    }
    return validate;
  };
  return (tool, args) => {
    const schema = tool.definition.inputSchema;
    const problems = unlisted(schema, args);
    // Large arguments can hold an error per item: there the first one must do.
    const validate = validatorOf(tool, jsonSize(args, SMALL_ARGUMENTS) <= SMALL_ARGUMENTS);
    if (validate && !validate(args))
      problems.push(...(validate.errors ?? []).map((error) => problemOf(error, schema)));
    return [...new Set(problems)].slice(0, MOST_PROBLEMS);
  };
}

function compile(schema: JsonObject, allErrors: boolean): ValidateFunction | null {
  if (JSON.stringify(schema).length > LARGEST_SCHEMA) return null;
  try {
    const { $schema: _, $id: __, ...rest } = schema;
    return new Ajv2020({ ...OPTIONS, allErrors }).compile(rest);
  } catch {
    return null;
  }
}

/** Models mistype optional arguments and servers ignore what they do not know: the call would quietly do something else. */
function unlisted(schema: JsonObject, args: JsonObject): string[] {
  const { properties, additionalProperties } = schema;
  const open =
    additionalProperties !== undefined && additionalProperties !== false
      ? true
      : ["patternProperties", "$ref", "allOf", "anyOf", "oneOf", "unevaluatedProperties", "if"].some(
          (key) => key in schema,
        );
  if (open || typeof properties !== "object" || properties === null || Array.isArray(properties)) return [];
  const names = Object.keys(properties);
  if (names.length === 0 && additionalProperties === undefined) return [];
  return Object.keys(args)
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => unknownArgument(name, names));
}

function unknownArgument(name: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  const hint =
    meant === undefined
      ? names.length === 0
        ? "; it takes none"
        : ""
      : `, did you mean ${JSON.stringify(meant)}?`;
  return `unknown argument ${JSON.stringify(name)}${hint}`;
}

function problemOf(error: ErrorObject, schema: JsonObject): string {
  const path = error.instancePath.split("/").slice(1).join(".");
  const params = error.params as Record<string, JsonValue>;
  switch (error.keyword) {
    case "required":
      return `missing argument ${JSON.stringify(joined(path, params["missingProperty"]))}`;
    case "additionalProperties": {
      const properties = path === "" ? (schema["properties"] as JsonObject | undefined) : undefined;
      return unknownArgument(joined(path, params["additionalProperty"]), Object.keys(properties ?? {}));
    }
    case "enum":
      return `${path} must be one of ${bounded(JSON.stringify(params["allowedValues"]))}`;
    case "const":
      return `${path} must be ${bounded(JSON.stringify(params["allowedValue"]))}`;
    default:
      return `${path || "the arguments"} ${bounded(error.message ?? "do not fit")}`;
  }
}

const joined = (path: string, name: JsonValue | undefined): string =>
  path === "" ? (name as string) : `${path}.${name as string}`;

const bounded = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
