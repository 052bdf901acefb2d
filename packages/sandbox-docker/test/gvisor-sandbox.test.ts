import { orReason, startDockerd } from "@mcp-optimizer/services";
import { testSandbox } from "@mcp-optimizer/testkit";
import { afterAll } from "vitest";
import { createGvisorSandbox } from "../src/index.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

testSandbox({
  name: "gvisor",
  patience: 20,
  ...(dockerd.reason !== undefined && { unavailable: dockerd.reason }),
  create: () => createGvisorSandbox({ socketPath: dockerd.service!.socketPath }),
});
