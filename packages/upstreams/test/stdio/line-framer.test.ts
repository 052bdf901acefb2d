import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLineFramer } from "../../src/stdio/line-framer.ts";

test("however the bytes are cut, the lines are the same", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, sizes) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const framer = createLineFramer(1_000);
        const seen: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          seen.push(...framer.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test("takes a carriage return as part of the line break", () => {
  expect(createLineFramer(10).push(Buffer.from("a\r\nb\n"))).toEqual(["a", "b"]);
});

test("a line may have exactly the most bytes, and not one more", () => {
  expect(createLineFramer(4).push(Buffer.from("1234\n"))).toEqual(["1234"]);
  expect(() => createLineFramer(4).push(Buffer.from("12345"))).toThrow(RangeError);
  const framer = createLineFramer(4);
  framer.push(Buffer.from("123"));
  expect(() => framer.push(Buffer.from("45\n"))).toThrow(RangeError);
});
