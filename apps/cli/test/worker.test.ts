import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { CLI, cli, serve, testFolder, type TestFolder } from "./cli.ts";

let redis: PrivateRedis;
let folder: TestFolder;
beforeAll(async () => {
  redis = await startRedis();
  folder = await testFolder(
    { fixture: fixtureServerCommand() },
    {
      state: redis.url,
      queue: { maxWaitMs: 2_000 },
      features: { executionMode: "code_execution" },
      ledger: false,
    },
  );
});
afterAll(async () => {
  await folder?.[Symbol.asyncDispose]();
  await redis?.stop();
});

/** Starts a worker; `said` are its lines on standard error, as JSON. */
async function startWorker(args: readonly string[] = []) {
  const child = spawn(
    process.execPath,
    [CLI, "worker", "--config", folder.config, "--concurrency", "1", "--json", ...args],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(child, "exit").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const said: { working?: boolean; url?: string; running?: number }[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(JSON.parse(line) as object));
  await vi.waitFor(() => expect(said.at(-1)?.working).toBe(true), { timeout: 60_000, interval: 20 });
  return { child, said, ended };
}

test("a front gives programs to workers, which finish what they have when they are told to end", async () => {
  await using front = await serve(folder.config);
  const nobody = /sandbox_unavailable.*mcp-optimizer worker/;
  await expect(front.run("return 1")).rejects.toThrow(nobody);

  const { child, said, ended } = await startWorker(["--http", "127.0.0.1:0"]);
  const probe = async (path: string): Promise<number> => (await fetch(`${said[0]!.url}${path}`)).status;
  expect([await probe("/healthz"), await probe("/readyz"), await probe("/mcp")]).toEqual([200, 200, 404]);
  expect(await front.run("return await fixture.add({ a: 20, b: 22 })")).toMatchObject({ value: { sum: 42 } });

  const heard: unknown[] = [];
  const running = front.run(
    "for (let n = 0; n < 200; n += 1) await fixture.echo({ text: `${n}` });\nreturn 'finished'",
    {
      onprogress: (progress) => heard.push(progress),
    },
  );
  await vi.waitFor(async () => expect(heard.length).toBeGreaterThan(0), { timeout: 20_000, interval: 20 });
  child.kill("SIGTERM");
  expect(await running).toMatchObject({ value: "finished" });
  expect(await ended).toBe(0);
  expect(said.at(-1)).toMatchObject({ working: false, running: 1 });
  // It is gone: who comes now is told so.
  await expect(front.run("return 1")).rejects.toThrow(nobody);
}, 120_000);

test("a queue without a Redis is refused, on both sides", async () => {
  await using alone = await testFolder({ fixture: fixtureServerCommand() }, { state: "memory", queue: {} });
  for (const command of ["serve", "worker"]) {
    const { code, stderr } = await cli([command, "--config", alone.config]);
    expect(code).toBe(2);
    expect(stderr).toContain("optimizer.state");
  }
});
