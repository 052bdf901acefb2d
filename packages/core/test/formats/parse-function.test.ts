import { expect, test } from "vitest";
import { parseFunction } from "../../src/formats/parse-function.ts";

test("finds the kind, or takes it", () => {
  expect(parseFunction(["size: 1\nname: x"])).toEqual({ size: 1, name: "x" });
  expect(parseFunction(["size: 1\nname: x", "lines"])).toEqual(["size: 1", "name: x"]);
  expect(parseFunction(["a,b\n1,2", null])).toEqual([{ a: 1, b: 2 }]);
  expect(parseFunction(["a:b\n1:2", "csv", { delimiter: ":", header: false }])).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test.each([
  [[], /takes a text/u],
  [[5], /takes a text/u],
  [[{ a: 1 }], /parsed already/u],
  [["just some prose, as it seems"], /no known format.*"keyValue"/u],
  [["x", "xml"], /"csv".*"yaml"/u],
  [["x", 5], /is one of/u],
  [["a,b", "csv", []], /are an object/u],
  [["a,b", "csv", { header: 1 }], /true or false/u],
  [["a,b", "csv", { delimiter: ", " }], /one character/u],
])("%j is refused with what to do", (args, detail) => {
  expect(() => parseFunction(args)).toThrow(
    expect.objectContaining({ code: "invalid_params", message: expect.stringMatching(detail) }),
  );
});
