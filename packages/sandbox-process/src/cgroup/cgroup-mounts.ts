import { posix } from "node:path";

/** Where this process is in a hierarchy of cgroups. */
export interface CgroupHierarchy {
  /** Controllers of version 1; empty for version 2. */
  readonly controllers: readonly string[];
  readonly mount: string;
  /** This process's own cgroup, as a folder. */
  readonly own: string;
}

/** Reads the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`. The one of version 2 has no controllers. */
export function parseCgroupMounts(mountInfo: string, selfCgroup: string): CgroupHierarchy[] {
  const own = new Map<string, string>();
  for (const line of selfCgroup.split("\n")) {
    const [, controllers, ...path] = line.split(":");
    if (controllers !== undefined) own.set(controllers, path.join(":"));
  }
  return mountInfo.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "/", mount = ""] = before.split(" ");
    const [type, , superOptions = ""] = after.split(" ");
    if (type !== "cgroup" && type !== "cgroup2") return [];
    const options = new Set(superOptions.split(","));
    for (const [controllers, path] of own) {
      const names = controllers.split(",").filter((name) => name !== "" && !name.startsWith("name="));
      const fits =
        type === "cgroup2" ? controllers === "" : names.length > 0 && names.every((one) => options.has(one));
      if (fits) return [{ controllers: names, mount, own: folderOf(mount, root, path) }];
    }
    return [];
  });
}

/** In a container the mount shows a part of the hierarchy only. */
function folderOf(mount: string, root: string, path: string): string {
  const below = posix.relative(root, path);
  return below.startsWith("..") ? mount : posix.join(mount, below);
}
