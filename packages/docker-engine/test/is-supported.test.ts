import { expect, test } from "vitest";
import { isSupported } from "../src/is-supported.ts";

test.each([
  ["19.03.15", false],
  ["20.9.1", false],
  ["20.10.0", true],
  ["20.10.24+dfsg1", true],
  ["v28.1.1", true],
  ["library-import", true],
])("%s: %s", (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});
