import { testSandbox } from "@mcp-optimizer/testkit";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";

testSandbox({ name: "sandbox-wasi", create: () => createWasiSandbox({ verifyEvery: 1 }) });
