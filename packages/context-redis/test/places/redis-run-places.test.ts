import { OptimizerError } from "@mcp-optimizer/contracts";
import { createManualClock, testRunPlaces } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import type { RedisLink } from "../../src/link/redis-link.ts";
import { createRedisRunPlaces } from "../../src/places/redis-run-places.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();
const MINUTE = 60_000;

testRunPlaces({
  name: "places in Redis",
  async create() {
    const clock = createManualClock();
    const link = await redis.open();
    return {
      places: createRedisRunPlaces({ link, clock }),
      pass: (ms) => clock.advance(ms),
      dispose: () => link.dispose(),
    };
  },
});

test("two processes share the places, by Redis's own time, and the key ends with its leases", async () => {
  await using one = await redis.open({ prefix: "shared" });
  await using two = await redis.open({ prefix: "shared" });
  const [here, there] = [createRedisRunPlaces({ link: one }), createRedisRunPlaces({ link: two })];
  const give = await here.take("a", 1, MINUTE);
  expect(await there.take("a", 1, MINUTE)).toBeUndefined();
  const left = Number(await one.command("PTTL", one.key("places:a")));
  expect(left > 0 && left <= MINUTE).toBe(true);
  await give!();
  expect(await there.take("a", 1, MINUTE)).toBeTypeOf("function");
});

test("what could not be given back, or may have been taken, is free with the next take", async (context) => {
  const { server } = redis;
  context.skip(server === undefined, "the Redis of MCP_OPTIMIZER_TEST_REDIS is not ours to freeze");
  await using link = await redis.open({ commandMs: 200 });
  const places = createRedisRunPlaces({ link });
  const give = await places.take("a", 2, MINUTE);
  const away = { code: "store_unavailable" };
  server!.freeze();
  try {
    await expect(give!()).rejects.toMatchObject(away);
    await expect(places.take("a", 2, MINUTE)).rejects.toMatchObject(away);
  } finally {
    server!.thaw();
  }
  for (let place = 0; place < 2; place += 1) expect(await places.take("a", 2, MINUTE)).toBeTypeOf("function");
  expect(await places.take("a", 2, MINUTE)).toBeUndefined();
});

test("while Redis is away, a process does not gather keys without end", async () => {
  await using open = await redis.open();
  let away = true;
  let owing = 0;
  const link: RedisLink = {
    ...open,
    writing(source) {
      const script = open.writing(source);
      return async (keys, args) => {
        if (away) throw new OptimizerError("store_unavailable");
        owing += args.length - 4;
        return await script(keys, args);
      };
    },
  };
  const places = createRedisRunPlaces({ link });
  const takeAll = () =>
    Promise.allSettled(Array.from({ length: 1_200 }, (_, at) => places.take(`k${at}`, 1, MINUTE)));
  await takeAll();
  away = false;
  await takeAll();
  expect(owing).toBe(1_000);
});
