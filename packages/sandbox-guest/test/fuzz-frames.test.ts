import { expect, test } from "vitest";
import { fuzzFrames } from "./fuzz/fuzz-frames.ts";

test("the host takes or refuses whatever a guest writes", async () => {
  const { ends } = await fuzzFrames(1, (inputs) => inputs < 3_000);
  for (const count of Object.values(ends)) {
    expect(count).toBeGreaterThan(0);
  }
});
