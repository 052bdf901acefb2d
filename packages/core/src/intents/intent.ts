import {
  OptimizerError,
  type Effect,
  type JsonObject,
  type JsonValue,
  type Language,
} from "@mcp-optimizer/contracts";
import type * as z from "zod";
import { jsonSchemaOf, parameterSchemaOf } from "./intent-schema.ts";

/** What a function that stands behind an intent gets. */
export interface IntentContext {
  /** Calls an upstream tool by any of its names; rejects as a call in a program does. */
  readonly callTool: (name: string, args?: JsonObject) => Promise<JsonValue>;
  readonly tenant: string;
  readonly signal?: AbortSignal;
}

/** An operation under a name, with typed parameters. */
export interface IntentOptions<Input extends z.ZodType, Output extends z.ZodType> {
  /** Lower case with underscores, such as `list_errors`. */
  readonly name: string;
  /** For search, and for who calls it. */
  readonly description: string;
  /** Of the parameters. */
  readonly input: Input;
  /** Of the value. Default: anything that is JSON. */
  readonly output?: Output;
  /** In `hybrid`, the tool is tried before the program. Default false. */
  readonly simple?: boolean;
  /** Tools or servers that it cannot do without. Default none. */
  readonly requires?: readonly string[];
  /** The upstream tool that does it. */
  readonly tool?: { readonly name: string; readonly args?: (params: z.output<Input>) => JsonObject };
  /** The program that does it; the parameters are `params` in it. */
  readonly code?: string;
  /** What the program is written in. Default `javascript`, which is TypeScript too. */
  readonly language?: Language;
  /** The function that does it. */
  readonly run?: (params: z.output<Input>, context: IntentContext) => Promise<z.input<Output>>;
  /**
   * What the function does to the world by itself, beside calling tools; it is then one call in the log, and tools that it calls are runs of
   * their own. Default: it only calls tools.
   */
  readonly effect?: Effect;
}

/** The tool that does an intent. */
export interface IntentTool {
  readonly name: string;
  /** Absent: it gets the parameters as they are. */
  readonly args: ((params: JsonObject) => JsonObject) | undefined;
}

/** An intent that was checked, its parameter types forgotten. */
export interface Intent {
  readonly name: string;
  readonly description: string;
  readonly simple: boolean;
  readonly requires: readonly string[];
  readonly input: z.ZodType;
  readonly output: z.ZodType | undefined;
  /** JSON Schema of what a caller gives. */
  readonly inputSchema: JsonObject;
  /** JSON Schema of what `params` is: the input with its defaults and transformations. */
  readonly parameterSchema: JsonObject;
  /** JSON Schema of the value. */
  readonly outputSchema: JsonObject | undefined;
  readonly tool: IntentTool | undefined;
  readonly code: string | undefined;
  readonly language: Language;
  readonly effect: Effect | undefined;
  readonly run: ((params: JsonObject, context: IntentContext) => Promise<JsonValue>) | undefined;
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The tool by which a model saves programs, listed beside the intents. */
export const SAVE_PROGRAM = "save_program";

/** Whether an intent may have a name. */
export function isIntentName(name: string): boolean {
  return NAME.test(name) && name !== SAVE_PROGRAM;
}

/**
 * Defines an intent. Throws `config_invalid` for a name that is none, for schemas that JSON Schema cannot say, and for an intent that nothing
 * stands behind.
 */
export function defineIntent<
  Input extends z.ZodType,
  Output extends z.ZodType = z.ZodType<JsonValue, JsonValue>,
>(options: IntentOptions<Input, Output>): Intent {
  const {
    name,
    description,
    input,
    output,
    simple = false,
    requires = [],
    tool,
    code,
    run,
    effect,
  } = options;
  const what = `the intent ${JSON.stringify(name)}`;
  const fail = (why: string): never => {
    throw new OptimizerError("config_invalid", { detail: `${what} ${why}` });
  };
  if (!NAME.test(name)) fail("is not named in lower case letters, digits and underscores");
  if (name === SAVE_PROGRAM) fail("has a name that is taken");
  if (tool === undefined && code === undefined && run === undefined)
    fail("needs a tool, a program or a function");
  if (code !== undefined && run !== undefined) fail("has a program and a function; it can have one of them");
  if (simple && tool === undefined) fail("is simple, which means that a tool does it, and names none");
  if (effect !== undefined && run === undefined)
    fail("names an effect, which only a function has; that of tools and programs is known");
  return {
    name,
    description,
    simple,
    requires,
    input,
    output,
    inputSchema: parameterSchemaOf(input, "input", `the input of ${what}`),
    parameterSchema: parameterSchemaOf(input, "output", `the input of ${what}`),
    outputSchema: output && jsonSchemaOf(output, "output", `the output of ${what}`),
    tool: tool && { name: tool.name, args: tool.args as NonNullable<Intent["tool"]>["args"] },
    code,
    language: options.language ?? "javascript",
    effect,
    run: run as Intent["run"],
  };
}
