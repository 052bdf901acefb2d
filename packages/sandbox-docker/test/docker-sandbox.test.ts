import { orReason, startDockerd } from "@mcp-optimizer/services";
import { testSandbox } from "@mcp-optimizer/testkit";
import { afterAll } from "vitest";
import { createDockerSandbox } from "../src/index.ts";

const dockerd = await orReason(startDockerd);
afterAll(() => dockerd.service?.stop());

testSandbox({
  name: "docker",
  patience: 4,
  ...(dockerd.reason !== undefined && { unavailable: dockerd.reason }),
  create: () => createDockerSandbox({ socketPath: dockerd.service!.socketPath }),
});
