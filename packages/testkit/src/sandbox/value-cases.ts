import { expect } from "vitest";
import type { SandboxCase } from "./sandbox-guest-run.ts";

/** Expressions, and what the host sees of their values. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ["1.5", 1.5],
  ["'grüße 🎈 \\u2028'", "grüße 🎈 \u2028"],
  ["[1, [true, null], 'x']", [1, [true, null], "x"]],
  ["({ a: { b: 1 }, skipped: undefined })", { a: { b: 1 } }],
  ["[undefined]", [null]],
  ["12345678901234567890n", "12345678901234567890"],
  ["({ n: 1n })", { n: "1" }],
  ["new Date(0)", "1970-01-01T00:00:00.000Z"],
  ["[new Date(NaN)]", ["[Invalid Date]"]],
  ["[NaN, Infinity, -Infinity]", ["NaN", "Infinity", "-Infinity"]],
  ["new Map([['a', 1], ['b', new Set([2])]])", { a: 1, b: [2] }],
  ["new Map([[1, 'one']])", [[1, "one"]]],
  ["new Uint8Array([1, 2])", [1, 2]],
  ["new Uint8Array([1, 2]).buffer", [1, 2]],
  ["new TypeError('bad')", { name: "TypeError", message: "bad" }],
  ["({ f() {}, g: Symbol('s') })", { f: "[Function: f]", g: "[Symbol(s)]" }],
  ["Promise.resolve([1])", [1]],
  ["({ p: Promise.resolve(1) })", { p: "[Promise: not awaited]" }],
  ["new Map([['a', 1]]).keys()", "[Map Iterator: use Array.from]"],
  ["/x+/gi", "/x+/gi"],
  ["Object(7)", 7],
  ["({ toJSON() { return { as: 'json' } } })", { as: "json" }],
  ["({ toJSON() { throw new Error('no') } })", "[toJSON threw: no]"],
  ["({ get a() { throw new Error('no') }, b: 1 })", { a: "[threw: no]", b: 1 }],
  ["new Proxy({ a: 1 }, {})", { a: 1 }],
  ["fixture", "[tools: fixture]"],
  ["new (class Point { x = 1 })()", { x: 1 }],
  ['JSON.parse(\'{"__proto__": 1, "constructor": 2, "a": 3}\')', { a: 3 }],
];

/** What programs return. */
export const VALUE_CASES: readonly SandboxCase[] = [
  {
    name: "returns values of every kind",
    decidedBy: "agent",
    sampled: true,
    run: async ({ value, times }) => {
      // A guest for each value, or one for all where guests are dear.
      const seen =
        times(VALUES.length) < VALUES.length
          ? await value(`return [${VALUES.map(([expression]) => `await ${expression}`).join()}]`)
          : await Promise.all(VALUES.map(([expression]) => value(`return ${expression}`)));
      for (const [index, [expression, expected]] of VALUES.entries()) {
        expect((seen as unknown[])[index], expression).toEqual(expected);
      }
    },
  },
  {
    name: "returns nothing as an absent value",
    decidedBy: "agent",
    run: async ({ run }) => {
      expect(await run("")).not.toHaveProperty("value");
      expect(await run("return undefined")).not.toHaveProperty("value");
      expect((await run("return null")).value).toBeNull();
    },
  },
  {
    name: "names cycles, and what is nested too deeply",
    decidedBy: "agent",
    run: async ({ value, run }) => {
      expect(await value("const a = { n: 1 }; a.self = a; return a")).toEqual({ n: 1, self: "[Circular]" });
      expect(await value("const a = { n: 1 }; return [a, a]")).toEqual([{ n: 1 }, { n: 1 }]);
      const deep = await run("let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a");
      if (deep.failure === undefined) {
        expect(JSON.stringify(deep.value)).toContain("nested deeper");
      } else {
        expect(deep.failure.code).toBe("output_limit");
      }
    },
  },
  {
    name: "never runs host code for a returned thenable or proxy",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(await value("return { then(resolve) { resolve('waited once') } }")).toBe("waited once");
      expect(await value("return new Proxy({}, { ownKeys() { throw new Error('trap') } })")).toBe(
        "[threw: trap]",
      );
    },
  },
  {
    name: "says where a program failed",
    decidedBy: "agent",
    sampled: true,
    run: async ({ run }) => {
      const { failure } = await run("\n  const o = {};\n  return o.a.b");
      expect(failure).toMatchObject({ code: "program_failed", name: "TypeError", position: { line: 3 } });
      expect((await run("\n\nthrow new RangeError('out')")).failure).toMatchObject({
        code: "program_failed",
        name: "RangeError",
        message: "out",
        position: { line: 3 },
      });
    },
  },
  {
    name: "survives whatever is thrown",
    decidedBy: "agent",
    run: async ({ run }) => {
      const thrown = [
        "'text'",
        "undefined",
        "{ a: 1 }",
        "new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
        "Object.create(null)",
        "Object.assign(new Error('x'), { get message() { throw 1 } })",
        "Symbol('s')",
        "(() => {})",
      ];
      const outcomes = await Promise.all(thrown.map(async (one) => run(`throw ${one}`)));
      for (const [index, { failure }] of outcomes.entries()) {
        expect(failure, thrown[index]).toMatchObject({ code: "program_failed" });
      }
    },
  },
  {
    name: "reports source that cannot be parsed",
    decidedBy: "agent",
    run: async ({ run }) => {
      const { failure } = await run("\nconst x = ;");
      expect(failure).toMatchObject({ code: "program_invalid", name: "SyntaxError", position: { line: 2 } });
    },
  },
];
