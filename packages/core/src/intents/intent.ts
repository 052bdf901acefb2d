import { OptimizerError, type JsonObject, type JsonValue } from "@mcp-optimizer/contracts";
import type * as z from "zod";

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
  /** The function that does it. */
  readonly run?: (params: z.output<Input>, context: IntentContext) => Promise<z.input<Output>>;
}

/** An intent that was checked, its parameter types forgotten. */
export interface Intent {
  readonly name: string;
  readonly description: string;
  readonly simple: boolean;
  readonly requires: readonly string[];
  readonly input: z.ZodType;
  readonly output: z.ZodType | undefined;
  readonly tool: { readonly name: string; readonly args: (params: JsonObject) => JsonObject } | undefined;
  readonly code: string | undefined;
  readonly run: ((params: JsonObject, context: IntentContext) => Promise<JsonValue>) | undefined;
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Defines an intent. Throws `config_invalid` for a name that is none, and for one that nothing stands behind. */
export function defineIntent<Input extends z.ZodType, Output extends z.ZodType = z.ZodType<JsonValue>>(
  options: IntentOptions<Input, Output>,
): Intent {
  const { name, description, input, output, simple = false, requires = [], tool, code, run } = options;
  const fail = (why: string): never => {
    throw new OptimizerError("config_invalid", { detail: `the intent ${JSON.stringify(name)} ${why}` });
  };
  if (!NAME.test(name)) fail("is not named in lower case letters, digits and underscores");
  if (tool === undefined && code === undefined && run === undefined)
    fail("needs a tool, a program or a function");
  if (code !== undefined && run !== undefined) fail("has a program and a function; it can have one of them");
  if (simple && tool === undefined) fail("is simple, which means that a tool does it, and names none");
  return {
    name,
    description,
    simple,
    requires,
    input,
    output,
    tool: tool && {
      name: tool.name,
      args: (tool.args ?? ((params: unknown) => params)) as (params: JsonObject) => JsonObject,
    },
    code,
    run: run as Intent["run"],
  };
}
