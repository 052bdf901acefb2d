import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findCgroupUsage } from "../src/cgroup-usage.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "mcp-optimizer-cgroup-"));
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
const find = (id: string) =>
  findCgroupUsage(7, id, { proc: join(root, "proc"), cgroups: join(root, "cgroup") });

test("reads version 1", async () => {
  await put({
    "proc/7/cgroup":
      "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/docker/abc\n",
    "cgroup/cpuacct/docker/abc/cpuacct.usage": "2500000\n",
    "cgroup/memory/docker/abc/memory.usage_in_bytes": "4096\n",
  });
  expect(await (await find("abc"))?.()).toEqual({ cpuMs: 2.5, memoryBytes: 4096 });
});

test("reads version 2", async () => {
  await put({
    "proc/7/cgroup": "0::/system.slice/docker-abc.scope\n",
    "cgroup/system.slice/docker-abc.scope/cpu.stat": "nr_periods 1\nusage_usec 2500\nuser_usec 1\n",
    "cgroup/system.slice/docker-abc.scope/memory.current": "4096\n",
  });
  expect(await (await find("abc"))?.()).toEqual({ cpuMs: 2.5, memoryBytes: 4096 });
});

test("a process that is not the container's, one that is not there, and unreadable files give nothing", async () => {
  await put({ "proc/7/cgroup": "0::/docker/other\n" });
  expect(await find("abc")).toBeUndefined();
  expect(await find("other")).toBeUndefined();
  await rm(join(root, "proc"), { recursive: true });
  expect(await find("abc")).toBeUndefined();
});
