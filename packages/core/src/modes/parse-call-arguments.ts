import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** What `call_tool` is asked for. */
export interface CallArguments {
  readonly name: string;
  readonly args: JsonObject;
}

const Arguments: z.ZodType<CallArguments> = z.strictObject({
  name: z.string(),
  args: z.record(z.string(), z.json()).default({}),
});

/** Reads the arguments of `call_tool`. Throws `invalid_params` that says what it takes. */
export function parseCallArguments(args: JsonObject): CallArguments {
  const parsed = Arguments.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " ");
  throw new OptimizerError("invalid_params", {
    detail: `call_tool takes { name: string, args?: object }. ${problems}`,
  });
}
