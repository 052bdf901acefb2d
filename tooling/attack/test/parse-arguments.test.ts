import { expect, test } from "vitest";
import { parseArguments } from "../src/parse-arguments.ts";

const NAMES = ["wasi", "basic"];

test("arguments have defaults", () => {
  expect(parseArguments(["--backend", "wasi", "--only=cpu"], NAMES)).toEqual({
    backend: "wasi",
    json: false,
    only: "cpu",
    concurrency: 6,
    realms: false,
  });
});

test.each([
  [["--backend", "vm2"], 'There is no backend "vm2". Backends: wasi, basic.'],
  [[], "No backend was named. Backends: wasi, basic."],
  [["--backend", "wasi", "--concurrency", "0"], "--concurrency must be a whole number"],
  [["--backend", "wasi", "--loud"], "Unknown option"],
])("%j is refused", (args, message) => {
  expect(() => parseArguments(args, NAMES)).toThrow(message);
});
