import type { ContestantEntry } from "../contestant.ts";
import { checkThreeCalls } from "./program.ts";

/** Whole products in front of the same real MCP server. */
export const ENGINE_CONTESTANTS: readonly ContestantEntry[] = [
  {
    name: "engine: mcp-optimizer",
    note: "three calls, one after another",
    runs: 500,
    check: checkThreeCalls,
    open: async () => (await import("./optimizer.ts")).openOptimizerEngine(),
  },
  {
    name: "engine: @utcp/code-mode",
    note: "the same",
    runs: 200,
    check: checkThreeCalls,
    open: async () => (await import("./utcp.ts")).openUtcpEngine(),
  },
];
