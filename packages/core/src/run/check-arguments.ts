import { createRequire } from "node:module";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { jsonSize } from "../result/json-size.ts";
import { checkableSchema } from "./checkable-schema.ts";
import { closestName } from "./closest-name.ts";

/** Says what is wrong with a tool's arguments, one line each; empty when nothing is. */
export type ArgumentCheck = (tool: CatalogueTool, args: JsonObject) => string[];

/** Larger arguments are checked for missing and unknown names only. In characters of JSON. */
const LARGEST_ARGUMENTS = 65_536;
/** Large arguments can hold an error per item: there the first one must do. */
const SMALL_ARGUMENTS = 16_384;
const MOST_PROBLEMS = 5;

type AjvModule = typeof import("ajv/dist/2020.js");
const require = createRequire(import.meta.url);

// Compiling the meta-schema would cost more than all else; a schema that is none fails to compile.
const OPTIONS = { strict: false, meta: false, validateSchema: false, logger: false } as const;

/**
 * Checks arguments against a tool's input schema (JSON Schema 2020-12) before its server sees them, in bounded time and without
 * refusing what the schema accepts: see {@link checkableSchema} for what is left to the server.
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
    const size = jsonSize(args, LARGEST_ARGUMENTS);
    if (size > LARGEST_ARGUMENTS) return [...problems, ...missing(schema, args)].slice(0, MOST_PROBLEMS);
    const validate = validatorOf(tool, size <= SMALL_ARGUMENTS);
    if (validate && !validate(args)) {
      const errors = (validate.errors ?? []).slice(0, 4 * MOST_PROBLEMS);
      problems.push(...errors.map((error) => problemOf(error, schema)));
    }
    return [...new Set(problems)].slice(0, MOST_PROBLEMS);
  };
}

function compile(schema: JsonObject, allErrors: boolean): ValidateFunction | null {
  const checkable = checkableSchema(schema);
  if (checkable === undefined) return null;
  try {
    // Loaded when first used: it has many files, and most commands call no tool.
    const { Ajv2020 } = require("ajv/dist/2020.js") as AjvModule;
    return new Ajv2020({ ...OPTIONS, allErrors }).compile(checkable);
  } catch {
    return null;
  }
}

function missing({ required }: JsonObject, args: JsonObject): string[] {
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  return names.filter((name) => !Object.hasOwn(args, name)).map((name) => `missing argument ${quoted(name)}`);
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
    .slice(0, MOST_PROBLEMS)
    .map((name) => unknownArgument(name, names));
}

function unknownArgument(name: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  const hint =
    meant === undefined ? (names.length === 0 ? "; it takes none" : "") : `, did you mean ${quoted(meant)}?`;
  return `unknown argument ${quoted(name)}${hint}`;
}

function problemOf(error: ErrorObject, schema: JsonObject): string {
  const path = bounded(error.instancePath.split("/").slice(1).join("."));
  const params = error.params as Record<string, JsonValue>;
  switch (error.keyword) {
    case "required":
      return `missing argument ${quoted(joined(path, params["missingProperty"]))}`;
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

const quoted = (name: string): string => JSON.stringify(bounded(name));

const bounded = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
