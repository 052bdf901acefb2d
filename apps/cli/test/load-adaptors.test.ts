import { fileURLToPath, pathToFileURL } from "node:url";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { defineAdaptor, defineIntent } from "@mcp-optimizer/core";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { AdaptorEntriesSchema, type AdaptorEntry } from "../src/adaptor-entries.ts";
import { loadAdaptors } from "../src/load-adaptors.ts";
import { parseParameters } from "../src/parse-parameter.ts";

const intent = defineIntent({ name: "sum", description: "", input: z.object({}), code: "return 1" });
const sums = defineAdaptor({ name: "sums", description: "", intents: [intent] });
const FILE = fileURLToPath(new URL("mcp.json", import.meta.url));

/** Loads entries, all of which mean one module. */
async function load(entries: readonly AdaptorEntry[], module: object | (() => never)) {
  const asked: string[] = [];
  const adaptors = await loadAdaptors(entries, {
    file: FILE,
    env: { TOKEN: "t" },
    load: async (specifier) => {
      asked.push(specifier);
      return (typeof module === "function" ? (module as () => never)() : module) as Record<string, unknown>;
    },
  });
  return { adaptors, asked };
}

describe("adaptors of a configuration", () => {
  test("are what a module exports, or what its function makes of options and environment", async () => {
    const { adaptors } = await load(["a"], { adaptor: sums });
    expect(adaptors).toEqual([sums]);
    const made: unknown[] = [];
    const make = async (context: unknown) => {
      made.push(context);
      return sums;
    };
    await load([{ use: "a", options: { by: 1 } }], { default: make });
    await load(["a"], { default: make });
    expect(made).toEqual([
      { options: { by: 1 }, env: { TOKEN: "t" } },
      { options: {}, env: { TOKEN: "t" } },
    ]);
  });

  test("are looked for beside the configuration, packages by their names", async () => {
    const other = { ...sums, name: "other" };
    const modules = [sums, other];
    const asked: string[] = [];
    await loadAdaptors(["./it.ts", "@scope/adaptor"], {
      file: FILE,
      env: {},
      load: async (specifier) => {
        asked.push(specifier);
        return { default: modules[asked.length - 1] };
      },
    });
    expect(asked).toEqual([
      pathToFileURL(fileURLToPath(new URL("it.ts", import.meta.url))).href,
      "@scope/adaptor",
    ]);
  });

  const throws = (): never => {
    throw new Error("as told\nat a place");
  };
  test.each<[string, AdaptorEntry[], object | (() => never), RegExp]>([
    ["throws while loading", ["./it.ts"], throws, /adaptors\[0\] \(\.\/it\.ts\) cannot be loaded: as told$/],
    ["throws while it is made", ["a"], { default: throws }, /\(a\) could not be made: as told$/],
    ["exports nothing", ["a"], {}, /exports no adaptor/],
    ["makes nothing", ["a"], { default: () => undefined }, /exports no adaptor/],
    [
      "exports another thing",
      ["a"],
      { default: { name: "it", intents: [{ name: "x" }] } },
      /exports no adaptor/,
    ],
    ["has no intents", ["a"], { default: { name: "it", intents: [] } }, /"it" has no intents/],
    [
      "has the name of another",
      ["a", "b"],
      { default: sums },
      /adaptors\[1\] \(b\) has the name of optimizer\.adaptors\[0\] \(a\): sums/,
    ],
    ["takes no options", [{ use: "a", options: { by: 1 } }], { default: sums }, /takes no options/],
  ])("one that %s is named", async (_name, entries, module, says) => {
    const error = await load(entries, module).catch((reason: unknown) => reason);
    expect(OptimizerError.is(error) && error.code).toBe("config_invalid");
    expect((error as Error).message).toMatch(says);
  });

  test.each([[""], [{ path: "a" }], [{ use: "a", options: 1 }], [1]])("%j is no entry", (entry) => {
    expect(AdaptorEntriesSchema.safeParse([entry]).success).toBe(false);
  });
});

describe("parameters on the command line", () => {
  test("become a JSON Schema", () => {
    expect(parseParameters(["limit:integer", "since?:string"])).toEqual({
      type: "object",
      properties: { limit: { type: "integer" }, since: { type: "string" } },
      required: ["limit"],
      additionalProperties: false,
    });
  });

  test.each([["limit"], ["limit:text"], ["a b:string"], [":string"], ["limit:"]])("%s is refused", (text) => {
    expect(() => parseParameters([text])).toThrow(/NAME:TYPE.*string, number/);
  });

  test("are named once", () => {
    expect(() => parseParameters(["a:string", "a:number"])).toThrow(/names a twice/);
  });
});
