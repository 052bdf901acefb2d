import { expect, test } from "vitest";
import { createTextStore } from "../training/text-store.ts";

test("texts become numbers of their stems, the most frequent first", () => {
  const store = createTextStore();
  expect(store.add("readFiles of the library", 9)).toEqual([0, 4]);
  expect(store.add("libraries, libraries", 1)).toEqual([4, 5]);
  expect(store.size()).toBe(5);
  expect(store.finish(2)).toEqual({
    words: [
      ["librari", 2],
      ["read", 1],
    ],
    numbers: Int32Array.of(1, -1, -1, 0, 0),
  });
});
