import type { CallIntent, RunStart } from "@mcp-optimizer/contracts";

export const START: RunStart = {
  tenant: "t",
  runId: "r",
  program: "p",
  source: { kind: "program", code: "return 1", language: "javascript" },
  at: 1,
  owner: "o",
  leaseMs: 60_000,
};

export const INTENT: CallIntent = {
  key: "k",
  tool: "files.write",
  toolHash: "h",
  args: { path: "a" },
  effect: "write",
  at: 2,
};
