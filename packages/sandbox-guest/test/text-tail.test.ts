import fc from "fast-check";
import { expect, test } from "vitest";
import { TextTail } from "../src/text-tail.ts";

test("keeps the last bytes, however they come", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c") })),
      fc.integer({ min: 1, max: 30 }),
      (parts, limit) => {
        const tail = new TextTail(limit);
        for (const part of parts) tail.add(Buffer.from(part));
        expect(tail.toString()).toBe(parts.join("").slice(-limit));
      },
    ),
  );
});

test("is one line without control characters", () => {
  const tail = new TextTail(100);
  tail.add(Buffer.from("\u001b[2Jone\r\ntwo\u2028three\u202efour\u0000"));
  expect(tail.toString()).toBe("[2Jone two three four");
});
