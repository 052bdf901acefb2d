import { expect, test } from "vitest";
import { buildCatalogue } from "../../src/catalogue/build-catalogue.ts";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import { foreseenTools } from "../../src/check/foreseen-tools.ts";
import { traceText } from "./trace-text.ts";

const inputSchema = { type: "object" };
const catalogueOf = (...names: string[]): Catalogue =>
  buildCatalogue([
    { name: "book", status: { state: "ready" }, tools: names.map((name) => ({ name, inputSchema })) },
  ]);

test.each([
  [`return await book.read({})`, ["book.read"]],
  [`for (const name of ["read", "list"]) await book[name]({})`, ["book.list", "book.read"]],
  [`return await book[String(Date.now())]({})`, ["book.drop", "book.list", "book.read"]],
])("what %s may call, it may call once the server has it", async (code, paths) => {
  let now = catalogueOf();
  const foreseen = foreseenTools(await traceText(code), () => now);
  const all = ["book.drop", "book.list", "book.read"];
  expect(all.filter((path) => foreseen.has(path))).toEqual([]);
  now = catalogueOf("drop", "list", "read");
  expect(all.filter((path) => foreseen.has(path))).toEqual(paths);
  now = catalogueOf("drop");
  expect(foreseen.has("book.read")).toBe(false);
});
