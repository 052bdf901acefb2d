import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SessionManager } from "@mcp-optimizer/state";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { cli, testFolder } from "./cli.ts";

test("variables last from run to run, and end with the session", async () => {
  const optimizer = { state: "state", sessions: { archive: "ended" } };
  await using kept = await testFolder({ fixture: fixtureServerCommand() }, optimizer);
  const run = (stdin: string, ...more: string[]) => cli(["run", "-", "-c", kept.config, ...more], { stdin });
  const sessions = (...args: string[]) => cli(["sessions", ...args, "-c", kept.config]);
  const first = await run("await session.set('n', 41); return 1");
  expect(first.stdout).toBe("1\n");
  const [, id] = /^mcp-optimizer: --session (s_\S+) has its variables\n$/m.exec(first.stderr)!;
  const next = await run("return await session.get('n') + 1", "--session", id!);
  expect({ stdout: next.stdout, stderr: next.stderr }).toEqual({ stdout: "42\n", stderr: "" });
  expect((await sessions("list")).stdout).toMatch(new RegExp(`^${id!}\tlocal\t2\\S+Z\t2\\S+Z\n$`));
  expect((await sessions("delete", id!)).stdout).toBe(`Ended ${id!}\n`);
  expect(await readdir(join(kept.folder, "ended"))).toEqual([
    expect.stringMatching(/^s_.*\.jsonl$/) as string,
  ]);
}, 60_000);

test("expired ones are ended, and counted", async () => {
  await using kept = await testFolder({}, { state: "." });
  const past = { now: () => 0, elapsed: () => 0, schedule: () => () => undefined };
  await using manager = new SessionManager({ url: kept.folder, clock: past, tenant: "t", defaultTtl: 1 });
  for (const id of ["a", "b"]) await manager.create(id);
  const cleanup = () => cli(["sessions", "cleanup", "-c", kept.config]);
  expect(await cleanup()).toEqual({ code: 0, stdout: "Ended 2 sessions\n", stderr: "" });
  expect(await manager.cleanupExpired()).toBe(0);
  const list = await cli(["sessions", "list", "-c", kept.config]);
  expect(list).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("what is in memory alone cannot be looked at from outside", async () => {
  await using kept = await testFolder({}, { state: "memory" });
  const { code, stderr } = await cli(["sessions", "list", "-c", kept.config]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'mcp-optimizer: The configuration is not valid: optimizer.state is "memory": sessions live no longer than the process lives; name a folder, or a Redis\n',
  });
});
