import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openRedisLink, type RedisLink } from "@mcp-optimizer/context-redis";
import { systemClock } from "@mcp-optimizer/core";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { testRunQueue } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBullRunQueue } from "../src/index.ts";

let redis: PrivateRedis;
let link: RedisLink;
let places = 0;

beforeAll(async () => {
  redis = await startRedis();
  link = await openRedisLink({ url: redis.url });
});

afterAll(async () => {
  await link?.dispose();
  await redis?.stop();
});

test("the example of the README", async () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, example] = /```ts\n(.*?)```/s.exec(text)!;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@mcp-optimizer/source", "--input-type=module-typescript", "--eval", example!],
    { cwd: fileURLToPath(new URL("..", import.meta.url)), env: { ...process.env, REDIS_URL: redis.url } },
  );
  expect(stdout).toBe("{ doubled: 42 }\n");
});

test("what cannot be sent back is an error, and not done again", async () => {
  await using queue = createBullRunQueue({ link, clock: systemClock, name: "answers" });
  const done: string[] = [];
  await queue.work(
    async ({ runId }) => {
      done.push(runId);
      return runId === "large" ? { text: "x".repeat(65 * 1_048_576) } : ({ number: 1n } as never);
    },
    { concurrency: 1, languages: [] },
  );
  const asked = (runId: string) => queue.run({ tenant: "t", runId, same: "s", work: {} });
  await expect(asked("large")).rejects.toMatchObject({ code: "output_limit" });
  await expect(asked("strange")).rejects.toMatchObject({ code: "internal" });
  expect(done).toEqual(["large", "strange"]);
});

testRunQueue({
  name: "a queue on BullMQ",
  create() {
    places += 1;
    const name = `place-${places}`;
    return { open: (settings) => createBullRunQueue({ link, clock: systemClock, name, ...settings }) };
  },
});
