import { DEFAULT_RUN_LIMITS } from "@mcp-optimizer/contracts";
import type { EngineVersion } from "@mcp-optimizer/docker-engine";
import { expect, test } from "vitest";
import { containerSpec } from "../src/container-spec.ts";
import { checkEngine, describeEngine } from "../src/probe-engine.ts";

const version: EngineVersion = {
  engine: "28.0.0",
  api: "1.48",
  components: { runc: "1.3.3" },
  runtimes: { runc: [], runsc: ["--network=none", "--platform=ptrace"] },
  defaultRuntime: "runc",
  os: "linux",
  architecture: "x64",
  canLimit: { memory: true, swap: true, processes: true, cpu: true },
  seccomp: true,
};
const image = {
  reference: "guest:1",
  id: "sha256:1",
  architecture: "x64",
  versions: { javascript: "24.0.0" },
};

test("a good daemon holds everything and needs no warning", () => {
  checkEngine("docker", version);
  const probe = describeEngine("docker", version, image);
  expect(probe).toMatchObject({ available: true, warnings: [], languages: ["javascript"] });
  expect(new Set(Object.values(probe.enforcement))).toEqual(new Set(["enforced"]));
});

test.each([
  ["docker", { os: "windows" }, "Linux"],
  ["docker", { seccomp: false }, "seccomp"],
  ["docker", { canLimit: { ...version.canLimit, cpu: false } }, "CPU"],
  ["docker", { architecture: "s390x" }, "s390x"],
  ["gvisor", { runtimes: { runc: [] } }, "runsc"],
  ["docker", { runtimes: { crun: [] }, defaultRuntime: "crun" }, "runc"],
] as const)("%s refuses %j", (kind, changes, word) => {
  expect(() => checkEngine(kind, { ...version, ...changes })).toThrow(word);
});

test("a guest's runtime is named, whatever the daemon's default is", () => {
  const { cpuMs, memoryBytes, diskBytes, processes, fileHandles } = DEFAULT_RUN_LIMITS;
  const guest = {
    name: "guest",
    image: image.reference,
    agent: { language: "javascript", command: ["node"], files: {} },
    resources: { cpuMs, memoryBytes, diskBytes, processes, fileHandles },
    labels: {},
    cpus: 1,
    seccompProfile: undefined,
  } as const;
  expect(containerSpec({ ...guest, kind: "docker" }).runtime).toBe("runc");
  expect(containerSpec({ ...guest, kind: "gvisor" }).runtime).toBe("runsc");
});

test("a kernel without a limit is not said to hold it", () => {
  const weak = { ...version, canLimit: { memory: false, swap: false, processes: false, cpu: true } };
  expect(describeEngine("docker", weak, image).enforcement).toMatchObject({
    memoryBytes: "none",
    processes: "none",
  });
});

test("a kernel that does not count swap is warned of", () => {
  const swapping = { ...version, canLimit: { ...version.canLimit, swap: false } };
  expect(describeEngine("docker", swapping, image).warnings.join()).toContain("swap");
});

test("gVisor that ignores cgroups holds neither memory nor processes", () => {
  const ignoring = { ...version, runtimes: { runsc: ["--ignore-cgroups"] } };
  const probe = describeEngine("gvisor", ignoring, image);
  expect(probe.enforcement).toMatchObject({ memoryBytes: "none", processes: "none", cpuMs: "soft" });
  expect(probe.warnings.join()).toContain("--ignore-cgroups");
});

test("gVisor's count of processes is known under ptrace alone", () => {
  const other = { ...version, runtimes: { runsc: [] } };
  expect(describeEngine("gvisor", version, image).enforcement.processes).toBe("enforced");
  expect(describeEngine("gvisor", other, image).enforcement.processes).toBe("soft");
});
