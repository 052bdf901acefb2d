import { expect, test } from "vitest";
import { createStderrTail } from "../../src/stdio/stderr-tail.ts";

test("keeps the end, and passes on so much in a window of time", () => {
  let now = 0;
  const clock = { now: () => now, elapsed: () => now, schedule: () => () => {} };
  const seen: string[] = [];
  const tail = createStderrTail({ clock, onText: (text) => seen.push(text), keepBytes: 4, windowBytes: 6 });
  tail.push(Buffer.from("abcd"));
  tail.push(Buffer.from("efgh"));
  tail.push(Buffer.from("ij"));
  expect(tail.text()).toBe("ghij");
  expect(seen).toEqual(["abcd", "ef"]);
  now = 10_000;
  tail.push(Buffer.from("k"));
  expect(seen).toEqual(["abcd", "ef", "(4 bytes left out)", "k"]);
  expect(tail.text()).toBe("hijk");
});
