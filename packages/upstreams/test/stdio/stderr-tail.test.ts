import { expect, test } from "vitest";
import { createStderrTail } from "../../src/stdio/stderr-tail.ts";

test("keeps the end, and passes on whole lines, so much in a window of time", () => {
  let now = 0;
  const clock = { now: () => now, elapsed: () => now, schedule: () => () => {} };
  const seen: string[] = [];
  const tail = createStderrTail({ clock, onText: (text) => seen.push(text), keepBytes: 4, windowBytes: 8 });
  tail.push(Buffer.from("ab"));
  expect(seen).toEqual([]);
  tail.push(Buffer.from("cd\nef"));
  tail.push(Buffer.from("gh\n"));
  tail.push(Buffer.from("i\njk\n"));
  tail.push(Buffer.from("l\n"));
  tail.push(Buffer.from("m\n"));
  expect(tail.text()).toBe("l\nm\n");
  expect(seen).toEqual(["abcd\n", "i\n"]);
  now = 10_000;
  tail.push(Buffer.from("k\n"));
  expect(seen).toEqual(["abcd\n", "i\n", "(12 bytes left out)", "k\n"]);
});

test("a line without end costs fixed memory", () => {
  const clock = { now: () => 0, elapsed: () => 0, schedule: () => () => {} };
  let bytes = 0;
  const tail = createStderrTail({ clock, onText: (text) => (bytes += text.length) });
  for (let i = 0; i < 100; i++) tail.push(Buffer.alloc(10_000, "x"));
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(65_536);
  expect(tail.text()).toHaveLength(4_096);
});
