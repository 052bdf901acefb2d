import { readFile } from "node:fs/promises";
import { parseCgroupMounts } from "./cgroup-mounts.ts";
import { openCgroupV1 } from "./cgroup-v1.ts";
import { openCgroupV2 } from "./cgroup-v2.ts";
import type { CgroupTree } from "./guest-cgroup.ts";

/** Where guests' cgroups can be made on this machine: the version that has memory and pids. `undefined` when neither may be written. */
export async function openCgroupTree(cpus: number): Promise<CgroupTree | undefined> {
  const [mountInfo, selfCgroup] = await Promise.all(
    ["/proc/self/mountinfo", "/proc/self/cgroup"].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  const hierarchies = parseCgroupMounts(mountInfo ?? "", selfCgroup ?? "");
  return (await openCgroupV2(hierarchies, cpus)) ?? (await openCgroupV1(hierarchies, cpus));
}
