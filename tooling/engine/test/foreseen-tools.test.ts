import { expect, test } from "vitest";
import { openEngine, type TestEngineOptions } from "./open-engine.ts";

const SERVERS: TestEngineOptions["servers"] = {
  shop: [
    { name: "list", answer: () => ["a", "b"] },
    { name: "count", answer: () => "two" },
    { name: "show-one", answer: ({ id }) => ({ id: id ?? null }) },
  ],
  mail: [{ name: "send", answer: () => "sent" }],
};
const POLICY = { effects: { "shop.*": "read", "mail.*": "write" } } as const;

/** Honest programs that do not write the name of a tool where they call it, with what they come to. */
const HONEST: Readonly<Record<string, readonly [code: string, value: unknown]>> = {
  "an alias of a server": [`const s = shop; return await s.count();`, "two"],
  "a typed alias": [`const s: any = shop; return await s.count();`, "two"],
  "a cast": [`return await (shop as any).count();`, "two"],
  "an enum in the program": [`enum Way { Up, Down }\nreturn [Way.Down, await shop.count()];`, [1, "two"]],
  "names in a loop": [
    `const out = [];\nfor (const name of ["list", "count"]) out.push(await shop[name]({}));\nreturn out;`,
    [["a", "b"], "two"],
  ],
  "names from the server itself": [
    `const out = {};\nfor (const name of Object.keys(shop)) out[name] = await shop[name]({});\nreturn Object.keys(out).length;`,
    3,
  ],
  "tools from the server itself": [
    `const all = await Promise.all(Object.values(shop).map((tool) => tool({})));\nreturn all.length;`,
    3,
  ],
  "a name that is put together": ["const what = 'li';\nreturn await shop[`${what}st`]();", ["a", "b"]],
  destructuring: [
    `const { count, list: all } = shop; return [await count(), await all()];`,
    ["two", ["a", "b"]],
  ],
  rest: [`const { list, ...others } = shop; return await others.count();`, "two"],
  "a callback": [
    `return await Promise.all([{ id: 1 }, { id: 2 }].map(shop.showOne));`,
    [{ id: 1 }, { id: 2 }],
  ],
  "a helper that takes a tool": [
    `const twice = async (tool) => [await tool({}), await tool({})];\nreturn await twice(shop.count);`,
    ["two", "two"],
  ],
  "a helper that takes a server": [
    `const count = (server) => server.count({});\nreturn await count(shop);`,
    "two",
  ],
  "a table of tools": [
    `const steps = { first: shop.list, second: shop.count };\nlet out;\nfor (const step in steps) out = await steps[step]({});\nreturn out;`,
    "two",
  ],
  "a class": [
    `class Api { constructor(s) { this.s = s; } n() { return this.s.count({}); } }\nreturn await new Api(shop).n();`,
    "two",
  ],
  bind: [`const count = shop.count.bind(shop, {}); return await count();`, "two"],
  "a server by its name": [`return await globalThis["sh" + "op"].count();`, "two"],
  "tools.call of a variable": [
    `const name = ["shop", "count"].join("."); return await tools.call(name, {});`,
    "two",
  ],
  "tools.call without tools": [`const { call } = tools; return await call("shop.count", {});`, "two"],
  "tools.call handed on": [
    `return await Promise.all(["shop.count", "shop.list"].map((name) => tools.call(name)));`,
    ["two", ["a", "b"]],
  ],
  "tools.call as a callback": [
    `return await Promise.all([["shop.count", {}]].map((all) => tools.call(...all)));`,
    ["two"],
  ],
  "what a search found": [
    `const found = await tools.search("count");\nconst [name] = /shop\\.count/.exec(JSON.stringify(found));\nreturn await tools.call(name, {});`,
    "two",
  ],
  "another spelling": [`return await tools.call("shop__show-one", { id: 3 });`, { id: 3 }],
  "a look before the call": [
    `return "count" in shop && typeof shop.count === "function" ? await shop.count() : 0;`,
    "two",
  ],
};

test("a program that writes no name where it calls may still call what it takes hold of", async () => {
  const { optimizer } = await openEngine({ servers: SERVERS, policy: POLICY });
  for (const [name, [code, value]] of Object.entries(HONEST)) {
    const { error, value: given } = await optimizer.run({ code });
    expect({ error, value: given }, name).toEqual({ error: undefined, value });
  }
});

test("names that the text hides pass no rule: what is asked about is asked about, what is forbidden is refused", async () => {
  const code = `return await tools.call(["mail", "send"].join("."), {});`;
  const asking = await openEngine({ servers: SERVERS, policy: { ...POLICY, default: { write: "ask" } } });
  expect((await asking.optimizer.run({ code })).error?.code).toBe("approval_required");
  const denying = await openEngine({ servers: SERVERS, policy: { ...POLICY, default: { write: "deny" } } });
  const { error } = await denying.optimizer.run({ code });
  expect(error?.code).toMatch(/^(policy_denied|unknown_tool)$/);
  expect([...asking.reached, ...denying.reached]).toEqual([]);
});
