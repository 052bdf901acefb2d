import { parse } from "acorn";
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** Syntax that looks up methods which a program may have replaced: iterators, and in quickjs also template literals. */
const HOOKABLE: ReadonlySet<string> = new Set([
  "TemplateLiteral",
  "ForOfStatement",
  "ArrayPattern",
  "YieldExpression",
  "TaggedTemplateExpression",
]);

interface Node {
  readonly type: string;
  readonly start: number;
}

function* nodes(value: unknown, inArray = false): Generator<Node & { inArray: boolean }> {
  if (Array.isArray(value)) {
    for (const item of value) {
      yield* nodes(item, inArray);
    }
  } else if (typeof value === "object" && value !== null && "type" in value) {
    yield { ...(value as Node), inArray };
    const holdsItems =
      value.type === "ArrayExpression" || value.type === "CallExpression" || value.type === "NewExpression";
    for (const child of Object.values(value)) {
      yield* nodes(child, holdsItems);
    }
  }
}

test("the harness uses no syntax that a program can hook", async () => {
  const folder = new URL("../guest/", import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const source = await readFile(new URL(file, folder), "utf8");
    for (const node of nodes(parse(source, { ecmaVersion: 2025, sourceType: "script" }))) {
      const spread = node.type === "SpreadElement" && node.inArray;
      const line = source.slice(0, node.start).split("\n").length;
      expect(HOOKABLE.has(node.type) || spread, `${node.type} in ${file}:${line}`).toBe(false);
    }
  }
});
