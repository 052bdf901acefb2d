import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineAdaptor } from "../../src/intents/adaptor.ts";
import { defineIntent } from "../../src/intents/intent.ts";
import { createIntentRegistry } from "../../src/intents/intent-registry.ts";

const input = z.object({ limit: z.int().max(10).default(5) });
const base = { description: "", input };
const LIST = defineIntent({ ...base, name: "list", code: "return 1" });

describe("definitions", () => {
  test.each<[() => unknown, RegExp]>([
    [() => defineIntent({ ...base, name: "List", code: "1" }), /lower case/],
    [() => defineIntent({ ...base, name: "save_program", code: "1" }), /taken/],
    [() => defineIntent({ ...base, name: "list" }), /needs a tool/],
    [() => defineIntent({ ...base, name: "list", simple: true, code: "1" }), /names none/],
    [() => defineIntent({ ...base, name: "list", code: "1", run: async () => 1 }), /one of them/],
    [() => defineIntent({ ...base, name: "list", code: "1", effect: "write" }), /only a function/],
    [
      () => defineIntent({ name: "list", description: "", input: z.string(), code: "1" }),
      /input of the intent "list" is of type "string"; parameters are an object/,
    ],
    [() => defineAdaptor({ name: "Git", description: "", intents: [LIST] }), /lower case/],
    [() => defineAdaptor({ name: "git", description: "", intents: [] }), /no intents/],
    [() => defineAdaptor({ name: "git", description: "", intents: [LIST, LIST] }), /two intents named/],
    [
      () => createIntentRegistry([], [LIST, LIST]),
      /list is defined by the configuration and by the configuration/,
    ],
    [
      () => {
        const git = { name: "git", description: "", intents: [] };
        createIntentRegistry([git, git]);
      },
      /two adaptors named git/,
    ],
  ])("that make no sense are named: %#", (define, says) => {
    expect(define).toThrow(says);
    expect(define).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });

  test("tell what callers give apart from what programs get", () => {
    const output = z.object({ n: z.number() });
    const { inputSchema, parameterSchema, outputSchema } = defineIntent({
      ...base,
      name: "x",
      code: "1",
      output,
    });
    expect(inputSchema).toMatchObject({ type: "object", properties: { limit: { default: 5 } } });
    expect(inputSchema["required"]).toBeUndefined();
    expect(parameterSchema["required"]).toEqual(["limit"]);
    expect(outputSchema).toMatchObject({ properties: { n: { type: "number" } } });
  });
});

describe("a registry", () => {
  const adaptor = defineAdaptor({ name: "git", description: "", intents: [LIST] });
  const saved = defineIntent({ ...base, name: "saved", code: "return 1" });

  test("tells its listeners of what is added and taken out, until they leave", () => {
    const registry = createIntentRegistry([adaptor]);
    const seen: string[][] = [];
    const leave = registry.onChange(() => seen.push(registry.intents.map(({ name }) => name)));
    const before = registry.intents;
    registry.add(saved);
    registry.remove("saved");
    leave();
    registry.add(saved);
    expect(seen).toEqual([["list", "saved"], ["list"]]);
    expect(before.map(({ name }) => name)).toEqual(["list"]);
  });

  test("leaves what an adaptor defines alone", () => {
    const registry = createIntentRegistry([adaptor]);
    expect(() => registry.add(LIST)).toThrow(expect.objectContaining({ code: "conflict" }));
    expect([registry.remove("list"), registry.remove("none")]).toEqual([false, false]);
    expect([registry.owner("list"), registry.owner("saved")]).toEqual(["the adaptor git", undefined]);
    expect(registry.get("list")).toBe(LIST);
  });
});
