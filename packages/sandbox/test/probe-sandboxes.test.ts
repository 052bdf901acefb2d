import { expect, test } from "vitest";
import { probeReason, probeSandboxes, SANDBOX_BOUNDS, SANDBOX_NAMES } from "../src/index.ts";

test("every sandbox is looked at, and says of every limit how it is held", async () => {
  const socketPath = "/nowhere/docker.sock";
  const found = await probeSandboxes({
    docker: { socketPath },
    gvisor: { socketPath },
    // A contradiction of one must not hide the others.
    firecracker: { vmm: "qemu", jailer: "/usr/bin/jailer" },
  });
  expect(found.map(({ name }) => name)).toEqual(SANDBOX_NAMES);
  for (const { name, probe } of found) {
    expect(Object.keys(probe.enforcement).sort(), name).toEqual([...SANDBOX_BOUNDS].sort());
    expect(probe.available ? probe.languages[0] : typeof probe.reason, name).toMatch(/^(javascript|string)$/);
  }
  const [wasi, , docker, , firecracker] = found;
  expect(probeReason(wasi!.probe)).toBeUndefined();
  expect(probeReason(docker!.probe)).toMatch(/^no container daemon answers/);
  expect(probeReason(firecracker!.probe)).toContain("jailer");
});
