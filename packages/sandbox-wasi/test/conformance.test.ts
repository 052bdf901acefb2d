import { testSandbox } from "@mcp-optimizer/testkit";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";

testSandbox({ name: "sandbox-wasi", create: () => createWasiSandbox({ verifyEvery: 1 }) });
testSandbox({
  name: "sandbox-wasi with a new instance per run",
  create: () => createWasiSandbox({ freshInstance: true, workers: 1, maxWorkers: 2, warmUpRuns: 0 }),
});
