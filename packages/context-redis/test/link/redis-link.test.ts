import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { inspect } from "node:util";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRedisUrl } from "../../src/link/parse-redis-url.ts";
import { createRedisClient, type RedisClient } from "../../src/link/redis-client.ts";
import { openRedisLink } from "../../src/link/redis-link.ts";
import { prepareScript, runScript } from "../../src/link/redis-scripts.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

const ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])";
const UNAVAILABLE = { code: "store_unavailable" };

test("scripts, commands and channels work, and come back after a restart without another link", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "t" });
  const add = link.writing(ADD);
  const key = link.key("a:{b}", "c:d");
  expect(key).toBe("t:{a%3a%7bb%7d}:c%3ad");
  expect(await add([key], [2])).toBe(2);
  expect(await add([key], [3])).toBe(5);
  expect(await link.command("GET", key)).toBe("5");
  const news: string[] = [];
  const { promise: gap, resolve: onGap } = Promise.withResolvers<void>();
  await link.subscribe("topic", { onNews: (text) => news.push(text), onGap });
  await redis.restart();
  await gap;
  const { promise: told, resolve: onNews } = Promise.withResolvers<string>();
  const stop = await link.subscribe("topic", { onNews });
  await link.publish("topic", "again");
  expect(await told).toBe("again");
  expect(news).toContain("again");
  await stop();
  expect(await add([key], [3])).toBe(3);
});

test("a script that the server has forgotten is sent again", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "forgotten" });
  const add = link.writing(ADD);
  expect(await add([link.key("a")], [1])).toBe(1);
  await redis.ask("script", "flush");
  expect(await add([link.key("a")], [1])).toBe(2);
});

test("whoever stops listening while Redis is away does not wait for it", async () => {
  await using own = await startRedis();
  await using link = await openRedisLink({ url: own.url, prefix: "t" });
  const stop = await link.subscribe("topic", { onNews: () => {} });
  await own.crash();
  await stop();
});

test("what is told of an error has no arguments: nothing of a password, nothing of what is kept", async () => {
  const told: unknown[] = [];
  await using link = await openRedisLink({ url: redis.url, prefix: "t" });
  const calls = [
    link.command("HSET", "a", "s3cret"),
    link.writing("return redis.call('NOPE', ARGV[1])")([link.key("a")], ["s3cret"]),
  ];
  const another = (link.blockingClient() as { duplicate(): RedisClient }).duplicate();
  for (const call of [...calls, another.call("HSET", "a", "s3cret")])
    told.push(await call.catch((error: unknown) => error));
  another.disconnect();
  await using guarded = await startRedis({ config: { requirepass: "right" } });
  const url = guarded.url.replace("//", "//:s3cret@");
  await openRedisLink({ url, log: ({ cause }) => void told.push(cause) }).catch((error: unknown) =>
    told.push(error),
  );
  expect(told.length).toBeGreaterThan(4);
  expect(inspect(told, { depth: 9 })).not.toContain("s3cret");
});

test("a Redis that is away or guarded is store_unavailable, in time and without its password", async () => {
  const away = openRedisLink({ url: "redis://u:s3cret@127.0.0.1:1" });
  await expect(away).rejects.toMatchObject(UNAVAILABLE);
  await using guarded = await startRedis({ config: { requirepass: "right" } });
  const wrong = await openRedisLink({ url: guarded.url.replace("//", "//:wr0ng@") }).catch(
    (error: unknown) => error,
  );
  expect(wrong).toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining("does not take") });
  expect(inspect(wrong, { depth: 9 })).not.toContain("wr0ng");
  await using link = await openRedisLink({ url: guarded.url.replace("//", "//:right@"), commandMs: 500 });
  expect(await link.command("PING")).toBe("PONG");
  const asAdmin = (...command: string[]) => guarded.ask("--no-auth-warning", "-a", ...command);
  await asAdmin("right", "config", "set", "requirepass", "another");
  await asAdmin("another", "client", "kill", "type", "normal");
  await expect(link.command("PING")).rejects.toMatchObject({
    ...UNAVAILABLE,
    message: expect.stringContaining("does not take"),
  });
  await asAdmin("another", "config", "set", "requirepass", "right");
  await expect.poll(() => link.command("PING").catch(() => "not yet"), { timeout: 5_000 }).toBe("PONG");
});

test("nothing hangs at a Redis that stands still, and all goes on when it moves again", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "still", commandMs: 500 });
  const [add, read] = [link.writing(ADD), link.reading("return redis.call('GET', KEYS[1])")];
  const key = link.key("a");
  await add([key], [1]);
  redis.freeze();
  const asked = await Promise.allSettled([
    ...Array.from({ length: 50 }, () => add([key], [1])),
    read([key], []),
    link.command("PING"),
    link.subscribe("topic", { onNews: () => undefined }),
    link.publish("topic", "x"),
  ]);
  for (const { status, ...rest } of asked) {
    expect(status).toBe("rejected");
    expect(rest).toMatchObject({ reason: UNAVAILABLE });
  }
  redis.thaw();
  await expect.poll(() => link.command("PING").catch(() => "not yet"), { timeout: 5_000 }).toBe("PONG");
  // What stood in its buffers may have been done; nothing is done twice.
  expect(Number(await read([key], []))).toBeLessThanOrEqual(51);
});

test("an answer that came in time is taken, however long this process itself stood still", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "t", commandMs: 200 });
  const answer = link.command("PING");
  const end = performance.now() + 250;
  while (performance.now() < end);
  expect(await answer).toBe("PONG");
});

test("a write that too few replicas have is not acknowledged", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "r", replicas: 1, commandMs: 1_000 });
  await expect(link.writing(ADD)([link.key("a")], [1])).rejects.toMatchObject({
    ...UNAVAILABLE,
    message: expect.stringContaining("0 of 1 replicas"),
  });
  expect(await link.reading("return redis.call('GET', KEYS[1])")([link.key("a")], [])).toBe("1");
});

test("a write that its caller has given up, behind others that wait for replicas, is not done later", async () => {
  await using link = await openRedisLink({ url: redis.url, prefix: "late", replicas: 1, commandMs: 500 });
  await using other = await openRedisLink({ url: redis.url, prefix: "late" });
  const set = "return redis.call('SET', KEYS[1], ARGV[1])";
  const key = link.key("a");
  await other.writing(set)([key], ["known"]);
  const warned: Error[] = [];
  const warn = (warning: Error): void => void warned.push(warning);
  process.on("warning", warn);
  // More of them than a socket may have listeners: it is closed once for all.
  const writes = Array.from({ length: 30 }, () => link.writing(set)([key], ["old"]));
  for (const one of await Promise.allSettled(writes)) {
    expect(one).toMatchObject({ status: "rejected", reason: UNAVAILABLE });
  }
  await other.writing(set)([key], ["new"]);
  // Whatever stands on its connection is done before this.
  const read = link.reading("return redis.call('GET', KEYS[1])");
  await expect.poll(() => read([key], []).catch(() => "not yet"), { timeout: 10_000 }).toBe("new");
  process.off("warning", warn);
  expect(warned.map(String)).toEqual([]);
});

test("a listener that cannot connect in time takes the connection of others with it nowhere", async () => {
  let connections = 0;
  const proxy = createServer((socket) => {
    socket.on("error", () => undefined);
    connections += 1;
    // Nobody answers the second, which listens.
    if (connections === 2) return;
    const server = connect(Number(new URL(redis.url).port), "127.0.0.1", () =>
      socket.pipe(server).pipe(socket),
    );
    server.on("error", () => undefined).on("close", () => socket.destroy());
    socket.on("close", () => server.destroy());
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    await using link = await openRedisLink({ url, prefix: "others", replicas: 1, commandMs: 200 });
    const id = await link.command("CLIENT", "ID");
    await expect(link.subscribe("topic", { onNews: () => undefined })).rejects.toMatchObject(UNAVAILABLE);
    expect(await link.command("CLIENT", "ID")).toBe(id);
  } finally {
    proxy.close();
  }
});

test("a script that the server does not know is not sent once its caller has given up", async () => {
  const options = { use: "commands", silenceMs: 5_000, onError: () => undefined } as const;
  const client = createRedisClient(parseRedisUrl(redis.url), options);
  try {
    await client.connect();
    const unknown = prepareScript("return redis.call('SET', KEYS[1], 'late')");
    const copies = { replicas: 0, leftMs: () => 0 };
    await expect(runScript(client, unknown, ["late"], [], copies)).rejects.toThrow("NOSCRIPT");
    expect(await client.exists("late")).toBe(0);
  } finally {
    client.disconnect();
  }
});

test("a link that is closed says so, whatever it was at, and leaves no connection", async () => {
  const link = await openRedisLink({ url: redis.url, prefix: "closed", commandMs: 5_000 });
  await link.subscribe("topic", { onNews: () => undefined });
  redis.freeze();
  const started = performance.now();
  const pending = Promise.allSettled([
    link.command("PING"),
    link.writing(ADD)([link.key("a")], [1]),
    link.subscribe("other", { onNews: () => undefined }),
  ]);
  await link.dispose();
  for (const one of await pending) expect(one).toMatchObject({ status: "rejected", reason: UNAVAILABLE });
  redis.thaw();
  expect(performance.now() - started).toBeLessThan(5_000);
  await expect(link.command("PING")).rejects.toMatchObject(UNAVAILABLE);
  await expect(link.subscribe("topic", { onNews: () => undefined })).rejects.toMatchObject(UNAVAILABLE);
  await link.dispose();
  // One is that of redis-cli.
  await expect.poll(async () => (await redis.ask("client", "list")).split("\n").length).toBe(1);
});

test("a listener that throws keeps nobody from the news", async () => {
  const problems: unknown[] = [];
  await using link = await openRedisLink({
    url: redis.url,
    prefix: "throws",
    log: ({ cause }) => problems.push(cause),
  });
  const fault = new Error("a listener's own");
  await link.subscribe("topic", {
    onNews: () => {
      throw fault;
    },
  });
  const { promise: told, resolve: onNews } = Promise.withResolvers<string>();
  await link.subscribe("topic", { onNews });
  await link.publish("topic", "x");
  expect(await told).toBe("x");
  expect(problems).toEqual([fault]);
});

test.each(["", "a{b}", "a b", "ü"])("the prefix %j is refused", async (prefix) => {
  await expect(openRedisLink({ url: redis.url, prefix })).rejects.toMatchObject({ code: "config_invalid" });
});
