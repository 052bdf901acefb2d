import { expect, test } from "vitest";
import { fillTemplate } from "../../src/runs/fill-template.ts";
import { InversesSchema } from "../../src/runs/inverses.ts";

const problemOf = (value: unknown): string => {
  const parsed = InversesSchema.safeParse(value);
  const issue = parsed.error?.issues[0];
  return issue === undefined ? "none" : `${issue.path.join(".")}: ${issue.message}`;
};

test.each<[string, unknown, string | RegExp]>([
  ["references at any depth", { a: [{ $from: "result" }, { b: { $from: "args.c.0" } }], c: "args" }, "none"],
  ["a place that is none", { a: { $from: "results.id" } }, /^git\.add\.args\.a\.\$from: is not "args" or/],
  ["an empty name", { a: { b: [{ $from: "args..x" }] } }, /^git\.add\.args\.a\.b\.0\.\$from: /],
  ["a reference that is no text", { a: { $from: 1 } }, /\$from: is not/],
  ["something beside a reference", { a: { $from: "args", b: 1 } }, /^git\.add\.args\.a: .* nothing else/],
  ["the whole of the arguments", { $from: "args" }, "none"],
])("%s", (_, args, problem) => {
  expect(problemOf({ "git.add": { tool: "git.reset", args } })).toMatch(problem);
});

test("names of tools have a server", () => {
  expect(problemOf({ add: { tool: "git.reset", args: {} } })).toContain("server.tool");
  expect(problemOf({ "git.add": { tool: "reset", args: {} } })).toContain("server.tool");
  expect(problemOf({ "git.add": { tool: "git.reset", args: {}, more: 1 } })).not.toBe("none");
});

const sources = { args: { path: "a", list: [1, 2], none: null }, result: { id: 7 } };

test.each<[string, object, object]>([
  ["a part", { x: { $from: "args.path" } }, { args: { x: "a" } }],
  ["all", { x: { $from: "result" } }, { args: { x: { id: 7 } } }],
  ["an item", { x: [{ $from: "args.list.1" }] }, { args: { x: [2] } }],
  ["null, which is there", { x: { $from: "args.none" } }, { args: { x: null } }],
  ["what is not there", { x: { $from: "result.no.way" } }, { missing: "result.no.way" }],
  ["what every object has", { x: { $from: "result.constructor" } }, { missing: "result.constructor" }],
  ["what every list has", { x: { $from: "args.list.length" } }, { missing: "args.list.length" }],
  ["all of its arguments from one place", { $from: "result" }, { args: { id: 7 } }],
  ["arguments that are no object", { $from: "args.list" }, { missing: "an object of arguments" }],
  ["a letter of a text", { x: { $from: "args.path.0" } }, { missing: "args.path.0" }],
])("a template with %s", (_, template, filled) => {
  expect(fillTemplate(template as never, sources)).toEqual(filled);
});

test("a member of any name stays a member", () => {
  const filled = fillTemplate(JSON.parse('{"__proto__": {"$from": "result.id"}}') as never, sources);
  expect(JSON.stringify(filled)).toBe('{"args":{"__proto__":7}}');
});
