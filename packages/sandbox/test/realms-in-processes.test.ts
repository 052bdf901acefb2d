import { createSeccompSandbox } from "@mcp-optimizer/sandbox-process";
import { readWasmAgent } from "@mcp-optimizer/sandbox-wasi";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { testSandbox } from "@mcp-optimizer/testkit";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));

testSandbox({
  name: "seccomp with a realm for each program",
  ...(bubblewrap.reason !== undefined && { unavailable: bubblewrap.reason }),
  repeats: 0.3,
  create: () =>
    createSeccompSandbox({ maxGuests: 4, agents: readWasmAgent().then((javascript) => ({ javascript })) }),
});
