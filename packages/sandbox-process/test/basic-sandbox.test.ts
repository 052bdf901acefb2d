import { testSandbox } from "@mcp-optimizer/testkit";
import { createBasicSandbox } from "../src/index.ts";

testSandbox({
  name: "basic",
  create: () => createBasicSandbox({ environment: {} }),
  repeats: 0.3,
  // The same agent runs them all within bubblewrap's walls.
  agentCases: "sample",
});
