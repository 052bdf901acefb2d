import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { testPythonPrograms } from "@mcp-optimizer/testkit";
import { createBasicSandbox, createSeccompSandbox } from "../src/index.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));

testPythonPrograms({
  name: "seccomp",
  unavailable: bubblewrap.reason,
  create: () => createSeccompSandbox(),
});

testPythonPrograms({
  name: "basic",
  create: () => createBasicSandbox({ environment: {} }),
  // The same agent runs them all within bubblewrap's walls.
  agentCases: "sample",
});
