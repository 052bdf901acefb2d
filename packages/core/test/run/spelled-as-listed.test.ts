import { expect, test } from "vitest";
import { spelledAsListed } from "../../src/run/spelled-as-listed.ts";

const schema = { properties: { maxCount: {}, path: {}, "dry-run": {}, user_id: {}, userId: {} } };

test.each([
  ["another spelling", { max_count: 1, dry_run: true }, { maxCount: 1, "dry-run": true }],
  ["its own name", { maxCount: 1, user_id: 2 }, { maxCount: 1, user_id: 2 }],
  ["a name that is given too", { max_count: 1, maxCount: 2 }, { max_count: 1, maxCount: 2 }],
  ["two spellings of one name", { max_count: 1, MAX_COUNT: 2 }, { maxCount: 1, MAX_COUNT: 2 }],
  ["a name like two others", { USER_ID: 1 }, { USER_ID: 1 }],
  ["a name like none", { depth: 1 }, { depth: 1 }],
])("%s", (_, args, expected) => {
  expect(spelledAsListed(schema, args)).toEqual(expected);
});

test("a schema without names leaves arguments alone, and keys of objects stay plain", () => {
  expect(spelledAsListed({}, { max_count: 1 })).toEqual({ max_count: 1 });
  const odd = spelledAsListed(schema, JSON.parse('{"__proto__": 1, "max_count": 2}') as never);
  expect(Object.keys(odd)).toEqual(["__proto__", "maxCount"]);
});
