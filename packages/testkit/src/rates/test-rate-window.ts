import type { RateWindow, RateWindowFactory } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** Windows under test. */
export interface RateWindowHarness {
  readonly createWindow: RateWindowFactory;
  /** Lets so many milliseconds pass for all windows. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface RateWindowSuite {
  readonly name: string;
  /** Makes windows in which nothing is used. */
  readonly create: () => RateWindowHarness | Promise<RateWindowHarness>;
}

const MINUTE = 60_000;

/** Holds windows to the RateWindow port. Call it at the top of a vitest file. */
export function testRateWindow(suite: RateWindowSuite): void {
  const windowTest = (
    name: string,
    body: (window: RateWindow, harness: RateWindowHarness) => Promise<void>,
  ): void => {
    test(name, async () => {
      const harness = await suite.create();
      try {
        await body(harness.createWindow({ name: "calls", amount: 3, seconds: 60 }), harness);
      } finally {
        await harness.dispose?.();
      }
    });
  };
  const used = async (window: RateWindow, key: string, most: number): Promise<number> => {
    let taken = 0;
    while (taken < most && (await window.take(key, 1)) === 0) taken += 1;
    return most - taken;
  };

  describe(`${suite.name} are rate windows`, () => {
    windowTest("let through what there is, and tell when there is more", async (window, { pass }) => {
      expect(await window.usedUpFor("a")).toBe(0);
      expect(await window.take("a", 2)).toBe(0);
      await pass(20_000);
      expect(await window.take("a", 2)).toBeGreaterThan(0);
      expect(await window.usedUpFor("a")).toBe(0);
      expect(await window.take("a", 1)).toBe(0);
      for (const wait of [await window.take("a", 1), await window.usedUpFor("a")]) {
        expect(wait).toBeGreaterThan(30_000);
        expect(wait).toBeLessThanOrEqual(40_000);
      }
      await pass(40_000);
      expect(await window.usedUpFor("a")).toBe(0);
      expect(await window.take("a", 3)).toBe(0);
    });

    windowTest("take nothing of what they refuse", async (window, { pass }) => {
      for (let attempt = 0; attempt < 10; attempt += 1) expect(await window.take("a", 4)).toBeGreaterThan(0);
      expect(await window.take("a", 3)).toBe(0);
      for (let attempt = 0; attempt < 10; attempt += 1) expect(await window.take("a", 1)).toBeGreaterThan(0);
      await pass(MINUTE);
      expect(await used(window, "a", 3)).toBe(0);
    });

    windowTest("take what was given back", async (window) => {
      await window.take("a", 3);
      await window.giveBack("a", 2);
      expect(await used(window, "a", 3)).toBe(1);
    });

    windowTest("gain nothing from what is given back too late", async (window, { pass }) => {
      await window.take("a", 3);
      await pass(MINUTE);
      await window.giveBack("a", 3);
      expect(await used(window, "a", 4)).toBe(1);
    });

    windowTest("note more than there is", async (window, { pass }) => {
      await window.note("a", 1_000_000);
      expect(await window.usedUpFor("a")).toBeGreaterThan(30_000);
      expect(await window.take("a", 1)).toBeGreaterThan(30_000);
      await pass(MINUTE);
      expect(await window.take("a", 3)).toBe(0);
    });

    windowTest("keep keys and names apart", async (window, harness) => {
      const keys = ["a", "a:b", "a}{b", "__proto__", "", "ü😀", '["t","s"]'];
      for (const key of keys) expect([key, await used(window, key, 3)]).toEqual([key, 0]);
      const other = harness.createWindow({ name: "runs", amount: 3, seconds: 60 });
      expect(await used(other, "a", 3)).toBe(0);
    });

    windowTest("let through no more to many at once", async (window) => {
      const waits = await Promise.all(Array.from({ length: 30 }, () => window.take("a", 1)));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    });
  });
}
