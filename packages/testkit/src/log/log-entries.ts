import type { CallIntent, RunStart } from "@mcp-optimizer/contracts";

/** A run for tests of logs, of the tenant `t`, the id `r` and the owner `o`. */
export const LOG_START: RunStart = {
  tenant: "t",
  runId: "r",
  program: "p",
  source: { kind: "program", code: "return 1", language: "javascript" },
  at: 1,
  owner: "o",
  leaseMs: 60_000,
};

/** A write for tests of logs. */
export const LOG_INTENT: CallIntent = {
  key: "k",
  tool: "files.write",
  toolHash: "h",
  args: { path: "a" },
  effect: "write",
  at: 2,
};
