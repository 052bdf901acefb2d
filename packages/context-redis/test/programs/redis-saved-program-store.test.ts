import type { SavedProgram } from "@mcp-optimizer/contracts";
import { testSavedProgramStore } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import type { RedisLink } from "../../src/link/redis-link.ts";
import { createRedisSavedProgramStore } from "../../src/programs/redis-saved-program-store.ts";
import { redisOfFile } from "../redis-of-file.ts";

const redis = redisOfFile();
const program = (name: string, version: number): SavedProgram => ({
  name,
  version,
  description: "d",
  language: "javascript",
  code: "return 1",
  params: { type: "object" },
  tenant: "t",
  runId: "r",
  at: 1,
});

testSavedProgramStore({
  name: "a store in Redis",
  async create() {
    const link = await redis.open();
    return { store: createRedisSavedProgramStore({ link }), dispose: () => link.dispose() };
  },
});

test("of two processes that save the same version, one does", async () => {
  await using one = await redis.open({ prefix: "shared" });
  await using two = await redis.open({ prefix: "shared" });
  const saved = await Promise.allSettled(
    [one, two].map((link) => createRedisSavedProgramStore({ link }).save(program("a", 1))),
  );
  expect(saved.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a store that is full takes no more until something is removed", async () => {
  await using link = await redis.open();
  const store = createRedisSavedProgramStore({ link, maxVersions: 2 });
  for (const version of [1, 2]) await store.save(program("a", version));
  await expect(store.save(program("b", 1))).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("remove"),
  });
  await store.remove("a");
  await store.save(program("b", 1));
  expect(await store.list()).toEqual([program("b", 1)]);
});

test("what another wrote is not run", async () => {
  await using link = await redis.open();
  const store = createRedisSavedProgramStore({ link });
  await store.save(program("a", 1));
  await link.command("HSET", link.key("programs", "versions"), "a/1", '{"name":"a"}');
  await expect(store.read("a")).rejects.toMatchObject({ code: "store_unavailable" });
  await expect(store.list()).rejects.toMatchObject({ code: "store_unavailable" });
});

test("many programs are listed, none of them twice, and no script reads all", async () => {
  await using open = await redis.open();
  const answers: number[] = [];
  const link: RedisLink = {
    ...open,
    reading(source) {
      const script = open.reading(source);
      return async (keys, args) => {
        const answer = await script(keys, args);
        answers.push(JSON.stringify(answer).length);
        return answer;
      };
    },
  };
  const store = createRedisSavedProgramStore({ link });
  const names = Array.from({ length: 250 }, (_, at) => `p${at}`);
  for (const name of names) await store.save({ ...program(name, 1), code: "x".repeat(1_000) });
  expect((await store.list()).map(({ name }) => name)).toEqual(names.toSorted());
  expect(Math.max(...answers)).toBeLessThan(150_000);
});
