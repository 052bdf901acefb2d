import { OptimizerError } from "@mcp-optimizer/contracts";
import { orReason, startDockerd } from "@mcp-optimizer/services";
import { afterAll, expect, test } from "vitest";
import { HardenedSandbox } from "../src/index.ts";

const { service: daemon, reason } = await orReason(() => startDockerd());
afterAll(() => daemon?.stop());

test.each<[string, object, RegExp]>([
  [
    "network",
    { networkPolicies: ["allow_dns"] },
    /networkPolicies: no sandbox enforces "allow_dns"; there is deny_all/,
  ],
  [
    "files",
    { filesystemPolicies: ["read_only", "no_tmp"] },
    /filesystemPolicies: .*"no_tmp"; there is read_only/,
  ],
  ["an inherited name", { networkPolicies: ["constructor"] }, /no sandbox enforces "constructor"/],
])("a policy that nothing enforces is refused: %s", (_, options, message) => {
  const make = (): unknown => new HardenedSandbox(options);
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ code: "invalid_params" }));
});

test.each([
  [true, "gvisor: no container daemon"],
  [false, "docker: no container daemon"],
])("without a daemon there is no sandbox (gVisor: %s)", async (useGvisor, message) => {
  await using sandbox = new HardenedSandbox({ useGvisor, container: { socketPath: "/nowhere/docker.sock" } });
  const error = await sandbox.execute("1").catch((thrown: unknown) => thrown);
  expect(OptimizerError.is(error) && error.code).toBe("sandbox_unavailable");
  expect(String(error)).toContain(message);
});

test.skipIf(reason).each([
  [true, "4.4.0"],
  [false, ""],
])(
  `a program runs in a container (gVisor: %s) [${reason ?? "here"}]`,
  { timeout: 120_000 },
  async (useGvisor, kernel) => {
    const container = { socketPath: daemon!.socketPath };
    await using sandbox = new HardenedSandbox({ useGvisor, container, pool: { size: 0 } });
    const code = `
import os, socket
found = {"root": "written", "network": "reached"}
try:
    open("/written", "w")
except OSError:
    found["root"] = "refused"
try:
    socket.create_connection(("127.0.0.1", 1), 1)
except OSError:
    found["network"] = "refused"
found["kernel"] = os.uname().release
found`;
    const { value, exitCode } = await sandbox.execute(code, { language: "python" });
    expect({ value, exitCode }).toMatchObject({
      exitCode: 0,
      value: { root: "refused", network: "refused" },
    });
    expect((value as { kernel: string }).kernel).toContain(kernel);
  },
);
