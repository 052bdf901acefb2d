import * as fc from "fast-check";
import { expect, test } from "vitest";
import { expandVariables } from "../../src/config/expand-variables.ts";

const scope = { env: { A: "${B}", B: "b" }, cwd: "/c", home: "/h" };

test("any text either expands or names what is missing, and values are not looked at again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("$", "{", "}", "A", "B", "env:", ":-", "x", " "), { maxLength: 20 }),
      (parts) => {
        const result = expandVariables(parts.join(""), scope);
        expect(result.ok ? typeof result.text : result.missing.length > 0).toBe(result.ok ? "string" : true);
      },
    ),
  );
  expect(expandVariables("${A}", scope)).toMatchObject({ ok: true, text: "${B}" });
});

test("text without a dollar sign stays as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const plain = text.replaceAll("$", "");
      expect(expandVariables(plain, scope)).toEqual({ ok: true, text: plain, values: [] });
    }),
  );
});
