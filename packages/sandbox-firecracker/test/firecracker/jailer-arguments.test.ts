import { expect, test } from "vitest";
import { jailerArguments, type JailedMachine } from "../../src/index.ts";

const MACHINE: JailedMachine = {
  id: "mcpo-1-2-3-1",
  firecracker: "/usr/bin/firecracker",
  user: { uid: 1000, gid: 1001 },
  chrootBase: "/srv/jails",
  arguments: ["--api-sock", "api.sock"],
};

test("the jailer is told all that it needs, Firecracker's own arguments last", () => {
  const options = { program: "/usr/bin/jailer", parentCgroup: "guests", networkNamespace: "/run/netns/none" };
  expect(jailerArguments(options, MACHINE).join(" ")).toBe(
    "/usr/bin/jailer --id mcpo-1-2-3-1 --exec-file /usr/bin/firecracker --uid 1000 --gid 1001 " +
      "--chroot-base-dir /srv/jails --cgroup-version 2 --parent-cgroup guests --netns /run/netns/none " +
      "--resource-limit no-file=256 -- --api-sock api.sock",
  );
});

test.for([
  { uid: 0, gid: 1 },
  { uid: 1, gid: 0 },
])("root stays root in no jail: %o", (user) => {
  expect(() => jailerArguments({ program: "jailer" }, { ...MACHINE, user })).toThrow(
    expect.objectContaining({ code: "config_invalid" }),
  );
});

test.for(["", "a/b", "a".repeat(65), "a_b"])("%j is no id", (id) => {
  expect(() => jailerArguments({ program: "jailer" }, { ...MACHINE, id })).toThrow("no id");
});
