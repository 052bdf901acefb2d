import type { LearnedType } from "@mcp-optimizer/contracts";
import { testLearnedTypeStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createRedisLearnedTypeStore } from "../../src/types/redis-learned-type-store.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();

testLearnedTypeStore({
  name: "a store in Redis",
  async create({ maxTools }) {
    const link = await redis.open();
    return { store: createRedisLearnedTypeStore({ link, maxTools }), dispose: () => link.dispose() };
  },
});

test("two processes that learn at once lose nothing", async () => {
  await using one = await redis.open({ prefix: "shared" });
  await using two = await redis.open({ prefix: "shared" });
  const stores = [one, two].map((link) => createRedisLearnedTypeStore({ link }));
  const more = (stored: LearnedType | undefined): LearnedType => ({
    server: "a",
    tool: "x",
    definition: "d",
    type: {},
    seen: (stored?.seen ?? 0) + 1,
  });
  const learned = Array.from({ length: 40 }, (_, at) => stores[at % 2]!.update("t", "a", "x", more));
  await Promise.all(learned);
  expect(await stores[0]!.list("t")).toMatchObject([{ seen: 40 }]);
});

test("all of a tenant's entries are listed in order, however many there are", async () => {
  await using link = await redis.open();
  const store = createRedisLearnedTypeStore({ link });
  const tools = Array.from({ length: 1_001 }, (_, at) => `tool ${at}`);
  const entry = (tool: string): LearnedType => ({ server: "a", tool, definition: "d", seen: 1, type: {} });
  await Promise.all(tools.map((tool) => store.update("t", "a", tool, () => entry(tool))));
  await store.update("u", "a", "x", () => entry("x"));
  expect((await store.list("t")).map(({ tool }) => tool)).toEqual(tools.toSorted());
});
