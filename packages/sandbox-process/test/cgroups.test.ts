import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseCgroupMounts } from "../src/cgroup/cgroup-mounts.ts";
import { openCgroupV1 } from "../src/cgroup/cgroup-v1.ts";
import { openCgroupV2 } from "../src/cgroup/cgroup-v2.ts";
import { ProcessMeter } from "../src/guest/process-meter.ts";
import type { StartedProcess } from "../src/guest/started-process.ts";

const LIMITS = { memoryBytes: 1000, tasks: 7, cpus: 0.5 };

describe("where cgroups are", () => {
  test("version 2 alone", () => {
    const mounts = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate";
    expect(parseCgroupMounts(mounts, "0::/system.slice/optimizer.service\n")).toEqual([
      { controllers: [], mount: "/sys/fs/cgroup", own: "/sys/fs/cgroup/system.slice/optimizer.service" },
    ]);
  });

  test("version 1, hierarchies with several controllers, a named one, and an empty version 2 beside it", () => {
    const mounts = [
      "31 30 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
      "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:1 - cgroup cgroup rw,cpu,cpuacct",
      "33 30 0:29 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd",
      "34 30 0:30 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
      "35 30 0:31 / / rw,relatime - ext4 /dev/vda rw,memory",
    ].join("\n");
    const own = "4:memory:/a:b/c\n3:cpu,cpuacct:/\n1:name=systemd:/x\n0::/\n";
    expect(parseCgroupMounts(mounts, own)).toEqual([
      { controllers: ["memory"], mount: "/sys/fs/cgroup/memory", own: "/sys/fs/cgroup/memory/a:b/c" },
      {
        controllers: ["cpu", "cpuacct"],
        mount: "/sys/fs/cgroup/cpu,cpuacct",
        own: "/sys/fs/cgroup/cpu,cpuacct",
      },
      { controllers: [], mount: "/sys/fs/cgroup/unified", own: "/sys/fs/cgroup/unified" },
    ]);
  });

  test("in a container that sees a part", () => {
    const mounts = "31 30 0:27 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids";
    expect(parseCgroupMounts(mounts, "4:pids:/docker/abc/inner\n")[0]!.own).toBe("/sys/fs/cgroup/pids/inner");
    expect(parseCgroupMounts(mounts, "4:pids:/\n")[0]!.own).toBe("/sys/fs/cgroup/pids");
  });

  test("nowhere", () => {
    expect(parseCgroupMounts("", "")).toEqual([]);
  });
});

/** Folders that look like cgroups: what is written can be read, but the kernel does nothing. */
describe("in folders that look like cgroups", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "mcp-optimizer-cgroup-test-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await mkdir(join(root, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(root, folder, name), text);
  };
  const V2 = { "cgroup.procs": "", "cgroup.controllers": "cpu io memory pids", "cgroup.subtree_control": "" };

  test("version 2 goes up to a cgroup that may have children with limits", async () => {
    await put("a", { ...V2, "cgroup.subtree_control": "memory pids cpu" });
    // A cgroup with processes cannot be given controllers for children; here, the file to do so is missing.
    await put("a/b", { "cgroup.procs": "1", "cgroup.controllers": "memory pids" });
    const tree = await openCgroupV2([{ controllers: [], mount: root, own: join(root, "a/b") }], 0.5);
    expect(tree).toMatchObject({ version: 2, cpus: 0.5 });
    // The kernel would have made the files. Here none is, and nothing half-made stays.
    expect(tree!.limitsSwap).toBe(true);
    await expect(tree!.create("mcp-optimizer-x", LIMITS)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await tree!.find("mcp-optimizer-")).toEqual([]);
  });

  test("version 2 without memory, or without rights, is none", async () => {
    await put("", { ...V2, "cgroup.controllers": "hugetlb" });
    expect(await openCgroupV2([{ controllers: [], mount: root, own: root }], 1)).toBeUndefined();
    expect(await openCgroupV2([], 1)).toBeUndefined();
  });

  test("version 2 tells what its files say", async () => {
    await put("", { ...V2, "cgroup.subtree_control": "memory pids" });
    await put("c/mcp-optimizer-x", {
      "cpu.stat": "usage_usec 1500\nuser_usec 1000\n",
      "memory.current": "4096\n",
      "memory.events": "low 0\noom 2\noom_kill 1\noom_group_kill 0\n",
    });
    const tree = await openCgroupV2([{ controllers: [], mount: root, own: root }], 1);
    const [found] = await tree!.find("mcp-optimizer-");
    expect(found!.name).toBe("mcp-optimizer-x");
    expect(await found!.cpuMs()).toBe(1.5);
    expect(await found!.memoryBytes()).toBe(4096);
    expect(await found!.memoryKills()).toBe(1);
    expect(await readFile(join(root, "cgroup.subtree_control"), "utf8")).not.toBe("");
  });

  test("version 1 needs memory and pids", async () => {
    await put("memory", {});
    const memory = { controllers: ["memory"], mount: join(root, "memory"), own: join(root, "memory") };
    expect(await openCgroupV1([memory], 1)).toBeUndefined();
    await put("pids", {});
    const pids = { controllers: ["pids"], mount: join(root, "pids"), own: join(root, "pids") };
    expect(await openCgroupV1([memory, pids], 1)).toMatchObject({ version: 1 });
  });

  test("where no cgroup counts CPU time, the processes that run are added up", async () => {
    await put("memory/mcp-optimizer-x", { "memory.usage_in_bytes": "4096" });
    await put("pids", {});
    const at = (name: string) => ({ controllers: [name], mount: join(root, name), own: join(root, name) });
    const tree = await openCgroupV1([at("memory"), at("pids")], 1);
    const [cgroup] = await tree!.find("mcp-optimizer-");
    const guest = { init: undefined } as StartedProcess;
    const meter = new ProcessMeter(cgroup, guest, async () => [process.pid], 0);
    const { cpuMs, memoryBytes } = await meter.read();
    expect(cpuMs).toBeGreaterThan(0);
    expect(memoryBytes).toBe(4096);
  });

  test("version 1 says what it does not count or hold, and reads nothing in its place", async () => {
    await put("memory/mcp-optimizer-x", {});
    await put("pids/mcp-optimizer-x", {});
    await put("working", { "cpuacct.usage": "1000000" });
    const at = (name: string): { controllers: string[]; mount: string; own: string } => ({
      controllers: [name],
      mount: join(root, name),
      own: join(root, name),
    });
    const tree = await openCgroupV1([at("memory"), at("pids")], 1);
    expect(tree).toMatchObject({ countsCpu: false, limitsSwap: false });
    const [found] = await tree!.find("mcp-optimizer-");
    const before = process.cwd();
    try {
      process.chdir(join(root, "working"));
      expect(await found!.cpuMs()).toBeUndefined();
    } finally {
      process.chdir(before);
    }
    await put("memory", { "memory.memsw.limit_in_bytes": "" });
    await put("cpuacct", {});
    expect(await openCgroupV1([at("memory"), at("pids"), at("cpuacct")], 1)).toMatchObject({
      countsCpu: true,
      limitsSwap: true,
    });
  });
});
