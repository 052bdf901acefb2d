import type { Bulletin } from "@mcp-optimizer/contracts";
import { describe, expect, vi } from "vitest";
import { harnessTest } from "./harness-test.ts";
import { ODD_TEXTS } from "./odd-texts.ts";

/** A bulletin under test. */
export interface BulletinHarness {
  readonly bulletin: Bulletin;
  /** The same bulletin for another process, where there are such. */
  readonly second?: Bulletin;
  readonly dispose?: () => void | Promise<void>;
}

/** What the suite needs. */
export interface BulletinSuite {
  readonly name: string;
  /** Makes a bulletin that nobody else uses. */
  readonly create: () => BulletinHarness | Promise<BulletinHarness>;
}

/** Holds a bulletin to the Bulletin port. Call it at the top of a vitest file. */
export function testBulletin(suite: BulletinSuite): void {
  const bulletinTest = harnessTest(() => suite.create());
  /** Listens, and keeps what it hears. */
  const listener = async (bulletin: Bulletin, topic: string) => {
    const heard: string[] = [];
    const stop = await bulletin.subscribe(topic, { onNews: (text) => void heard.push(text) });
    const until = (texts: readonly string[]): Promise<void> =>
      vi.waitFor(() => expect(heard).toEqual(texts), { timeout: 5_000, interval: 5 });
    return { heard, stop, until };
  };

  describe(`${suite.name} is a bulletin`, () => {
    bulletinTest("tells all who listen, the publisher too, in order", async (harness) => {
      const { bulletin, second = bulletin } = harness;
      const all = await Promise.all([bulletin, bulletin, second].map((one) => listener(one, "a")));
      const texts = ["", '{"a":1}', "ü😀\u0000\r\n", "x".repeat(100_000), "", "last"];
      for (const text of texts) await bulletin.publish("a", text);
      for (const { until } of all) await until(texts);
      await second.publish("a", "back");
      for (const { until } of all) await until([...texts, "back"]);
    });

    bulletinTest("tells the others when a listener throws", async ({ bulletin, second = bulletin }) => {
      const broken = await bulletin.subscribe("a", {
        onNews() {
          throw new Error("a listener of a test");
        },
      });
      const { until } = await listener(bulletin, "a");
      for (const text of ["one", "two"]) await second.publish("a", text);
      await until(["one", "two"]);
      await broken();
    });

    bulletinTest("keeps topics apart", async ({ bulletin, second = bulletin }) => {
      const topics = ODD_TEXTS.filter((text) => text.isWellFormed());
      const all = await Promise.all(topics.map((topic) => listener(second, topic)));
      for (const topic of topics) await bulletin.publish(topic, `of ${topic}`);
      for (const topic of topics) await bulletin.publish(topic, "end");
      for (const [index, { until }] of all.entries()) await until([`of ${topics[index]}`, "end"]);
    });

    bulletinTest("tells nobody who came later, or has left", async ({ bulletin, second = bulletin }) => {
      await bulletin.publish("a", "before");
      const left = await listener(bulletin, "a");
      const stays = await listener(second, "a");
      await bulletin.publish("a", "one");
      await stays.until(["one"]);
      await left.until(["one"]);
      await left.stop();
      await left.stop();
      await bulletin.publish("a", "two");
      await stays.until(["one", "two"]);
      const again = await listener(bulletin, "a");
      await second.publish("a", "three");
      await stays.until(["one", "two", "three"]);
      await again.until(["three"]);
      expect(left.heard).toEqual(["one"]);
    });
  });
}
