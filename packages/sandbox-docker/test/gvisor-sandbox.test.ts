import { testPythonPrograms, testSandbox } from "@mcp-optimizer/testkit";
import { KINDS } from "./kinds.ts";
import { sharedDockerd } from "./shared-dockerd.ts";

const { service, reason } = await sharedDockerd();
const [, kind] = KINDS;
const create = () => kind.sandbox({ socketPath: service!.socketPath, maxGuests: 4 });

testSandbox({
  name: kind.name,
  patience: kind.slowness,
  repeats: 0.1,
  // The same agent runs them all in processes.
  agentCases: "sample",
  ...(reason !== undefined && { unavailable: reason }),
  create,
});

testPythonPrograms({
  name: kind.name,
  slowness: kind.slowness,
  unavailable: reason,
  create,
  agentCases: "sample",
});
