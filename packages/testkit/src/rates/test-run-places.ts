import type { RunPlaces } from "@mcp-optimizer/contracts";
import { describe, expect, test } from "vitest";

/** Places under test. */
export interface RunPlacesHarness {
  readonly places: RunPlaces;
  /** Lets so many milliseconds pass for all leases. */
  readonly pass: (ms: number) => void | Promise<void>;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface RunPlacesSuite {
  readonly name: string;
  /** Makes places that are all free. */
  readonly create: () => RunPlacesHarness | Promise<RunPlacesHarness>;
}

const MINUTE = 60_000;

/** Holds places to the RunPlaces port. Call it at the top of a vitest file. */
export function testRunPlaces(suite: RunPlacesSuite): void {
  const placesTest = (
    name: string,
    body: (places: RunPlaces, pass: RunPlacesHarness["pass"]) => Promise<void>,
  ): void => {
    test(name, async () => {
      const harness = await suite.create();
      try {
        await body(harness.places, harness.pass);
      } finally {
        await harness.dispose?.();
      }
    });
  };
  const taken = async (places: RunPlaces, key: string, of: number, leaseMs: number = MINUTE) => {
    const give = await places.take(key, of, leaseMs);
    expect(give).toBeTypeOf("function");
    return give!;
  };

  describe(`${suite.name} are places of runs`, () => {
    placesTest("are taken until there is none, and free when they are given back", async (places) => {
      const first = await taken(places, "a", 2);
      await taken(places, "a", 2);
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
      await first();
      await taken(places, "a", 2);
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
    });

    placesTest("are given back once", async (places) => {
      const [first] = [await taken(places, "a", 2), await taken(places, "a", 2)];
      for (let time = 0; time < 3; time += 1) await first();
      await taken(places, "a", 2);
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
    });

    placesTest("of one key are not those of another", async (places) => {
      for (const key of ["a", "a:b", "a}{b", "__proto__", "", "ü😀"]) {
        await taken(places, key, 1);
        expect(await places.take(key, 1, MINUTE)).toBeUndefined();
      }
    });

    placesTest("are counted against the number that is given", async (places) => {
      for (let place = 0; place < 3; place += 1) await taken(places, "a", 3);
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
      expect(await places.take("a", 3, MINUTE)).toBeUndefined();
      await taken(places, "a", 4);
    });

    placesTest("are free again when their lease is over, each by its own", async (places, pass) => {
      const short = await taken(places, "a", 2, 1_000);
      await taken(places, "a", 2, MINUTE);
      await pass(999);
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
      await pass(1);
      await taken(places, "a", 2, MINUTE);
      // Its place is somebody else's by now.
      await short();
      expect(await places.take("a", 2, MINUTE)).toBeUndefined();
      await pass(MINUTE);
      await taken(places, "a", 1);
    });

    placesTest("are not taken by more than there are, of many at once", async (places) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => places.take("a", 3, MINUTE)));
      const given = all.filter((give) => give !== undefined);
      expect(given).toHaveLength(3);
      await Promise.all(given.map((give) => give()));
      await taken(places, "a", 1);
    });
  });
}
