import fc from "fast-check";
import { expect, test } from "vitest";
import { channelName, keyName } from "../../src/link/key-name.ts";

const PART = fc.oneof(
  fc.constantFrom("", "a", "a:b", "{a}", "}", "{", "%", "%25", "%3a", "\uD83D", "\uD83E", "\uFFFD", "\0"),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const NAME = fc.tuple(PART, fc.array(PART, { maxLength: 3 }));
/** As Redis reads it: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
const tagOf = (key: string): string | undefined => /\{([^}]+)\}/.exec(key)?.[1];

test("different parts make different keys in the bytes that are sent, and the slot alone decides on the node", () => {
  fc.assert(
    fc.property(NAME, NAME, (one, two) => {
      const [first, second] = [keyName("p", ...one), keyName("p", ...two)];
      const equal = JSON.stringify(one) === JSON.stringify(two);
      expect(Buffer.from(first).equals(Buffer.from(second))).toBe(equal);
      expect(tagOf(first)).toBeDefined();
      expect(tagOf(first) === tagOf(second)).toBe(one[0] === two[0]);
    }),
    {
      numRuns: 300,
      examples: [
        [
          ["\uD83D", []],
          ["\uD83E", []],
        ],
        [
          ["s", ["\uD83D"]],
          ["s", ["\uFFFD"]],
        ],
      ],
    },
  );
});

test("channels of different prefixes are different", () => {
  expect(channelName("a", "b:news:c")).not.toBe(channelName("a:news:b", "c"));
  expect(channelName("a", "\uD83D")).not.toBe(channelName("a", "\uD83E"));
});
