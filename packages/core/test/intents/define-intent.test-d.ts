import type { JsonObject, JsonValue } from "@mcp-optimizer/contracts";
import { expectTypeOf } from "vitest";
import * as z from "zod";
import { defineIntent, type Intent, type IntentContext } from "../../src/index.ts";

const named = { name: "list", description: "" };
const input = z.object({
  limit: z.int().default(5),
  since: z.string().optional(),
  day: z.string().transform(Number),
});

const intent = defineIntent({
  ...named,
  input,
  output: z.object({ commits: z.array(z.string()) }),
  // What is left out has its default, and transformations are done.
  run: async (params, context) => {
    expectTypeOf(params).toEqualTypeOf<{ limit: number; since?: string | undefined; day: number }>();
    expectTypeOf(context).toEqualTypeOf<IntentContext>();
    const value = await context.callTool("git.git_log", { max_count: params.limit });
    expectTypeOf(value).toEqualTypeOf<JsonValue>();
    return { commits: [JSON.stringify(value)] };
  },
});
expectTypeOf(intent).toEqualTypeOf<Intent>();

defineIntent({
  ...named,
  input,
  tool: {
    name: "git.git_log",
    args: (params) => {
      expectTypeOf(params).toEqualTypeOf<{ limit: number; since?: string | undefined; day: number }>();
      const args: JsonObject = { max_count: params.limit };
      return args;
    },
  },
});

// Without an output, anything that is JSON.
defineIntent({ ...named, input, run: async ({ limit }) => [limit, { deep: null }] });

// A default of the output may be left out.
defineIntent({ ...named, input, output: z.object({ n: z.number().default(1) }), run: async () => ({}) });

defineIntent({
  ...named,
  input,
  output: z.object({ n: z.number() }),
  // @ts-expect-error -- a text is no number
  run: async () => ({ n: "1" }),
});

defineIntent({
  ...named,
  input,
  // @ts-expect-error -- a BigInt is not JSON
  run: async () => 1n,
});

defineIntent({
  ...named,
  input,
  // @ts-expect-error -- there is no such parameter
  run: async ({ limt }) => limt as number,
});

// @ts-expect-error -- the input is not optional
defineIntent({ ...named, code: "return 1" });

// @ts-expect-error -- an effect is one of four
defineIntent({ ...named, input, run: async () => 1, effect: "writes" });
