import { expect, test } from "vitest";
import { parseCall } from "../../src/formats/parse-call.ts";

const NEVER = new AbortController().signal;
const rows = (count: number): string =>
  ["id,name", ...Array.from({ length: count }, (_, id) => `${id},item ${id}`)].join("\n");

test("a long text gives what a short one of its kind does", async () => {
  const value = await parseCall(undefined, [rows(20_000), "csv"], NEVER);
  expect(value).toHaveLength(20_000);
  expect(value).toEqual(expect.arrayContaining([{ id: 19_999, name: "item 19999" }]));
});

test("what is wrong with a long text is told as with a short one", async () => {
  const broken = `${rows(20_000)}\n1,2,3`;
  await expect(parseCall(undefined, [broken, "csv"], NEVER)).rejects.toMatchObject({
    code: "invalid_params",
    message: expect.stringContaining("line 20002"),
  });
});

test("the end of a run ends the parsing", async () => {
  const run = new AbortController();
  const parsing = parseCall(undefined, [rows(300_000), "csv"], run.signal);
  run.abort();
  await expect(parsing).rejects.toMatchObject({ code: "cancelled" });
  await expect(parseCall(undefined, [rows(20_000)], run.signal)).rejects.toMatchObject({ code: "cancelled" });
});

test.each<[string, string, string?]>([
  ["brackets", "[".repeat(60_000), "yaml"],
  ["quotes", '"'.repeat(60_000), "yaml"],
  ["many keys", Array.from({ length: 6_000 }, (_, at) => `k${at}: ${at}`).join("\n"), "yaml"],
  ["found YAML", "- a: 1\n".repeat(8_000)],
])("YAML does not hold up the others: %s", async (_name, text, kind) => {
  await parseCall(undefined, ["a:\n - b"], NEVER);
  const run = new AbortController();
  const before = process.threadCpuUsage();
  const parsing = parseCall(undefined, kind === undefined ? [text] : [text, kind], run.signal);
  const { user, system } = process.threadCpuUsage(before);
  run.abort();
  await expect(parsing).rejects.toMatchObject({ code: "cancelled" });
  expect((user + system) / 1_000).toBeLessThan(250);
});

test("YAML that is found gives the same in a thread as without", async () => {
  const text = "- a: 1\n  b: x\n";
  const one = (await parseCall(undefined, [text], NEVER)) as unknown[];
  expect(one).toEqual([{ a: 1, b: "x" }]);
  expect(await parseCall(undefined, [text.repeat(500)], NEVER)).toEqual(Array(500).fill(one[0]));
});
