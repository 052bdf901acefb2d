import { expect, test } from "vitest";
import { createRedactor } from "../src/redactor.ts";

test("hides secrets, longest first, and leaves short words and paths", () => {
  const redact = createRedactor(["s3cret-token", "s3cret-token-long", "", "true", "/home/me/data"]);
  expect(redact("a s3cret-token-long b s3cret-token c true /home/me/data")).toBe(
    "a *** b *** c true /home/me/data",
  );
});

test("takes out control characters, escape sequences and line breaks", () => {
  expect(createRedactor()("\u001b[31mred\u001b[0m\u0000\u0007 one\r\n two\u202e\u200b three")).toBe(
    "red one two three",
  );
});

test("cuts to the length, also when a secret lies across the cut", () => {
  const redact = createRedactor(["abcdefghij"]);
  expect(redact("x".repeat(2_000))).toHaveLength(1_000);
  expect(redact(`${"x".repeat(7)}abcdefghij`, 10)).toBe("xxxxxxx***");
});
