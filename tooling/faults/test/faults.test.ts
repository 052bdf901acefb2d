import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openFaultyEngine } from "../src/live-through.ts";
import { SCHEDULES } from "../src/schedule.ts";

const engine = await openFaultyEngine();
afterAll(() => engine[Symbol.asyncDispose]());

test("no schedule of crashes, lost replies and departures does a write twice, loses one, or hides one", async () => {
  await fc.assert(
    fc.asyncProperty(SCHEDULES, async (schedule) => {
      expect(await engine.liveThrough(schedule)).toMatchObject({
        duplicateWrites: 0,
        lostAcknowledged: 0,
        unreportedUnknown: 0,
      });
    }),
    { numRuns: 250 },
  );
}, 120_000);
