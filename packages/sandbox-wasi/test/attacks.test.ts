import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { testAttacks } from "@mcp-optimizer/testkit";

testAttacks({ name: "wasi", create: () => createWasiSandbox() });
