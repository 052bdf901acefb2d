import { DEFAULT_RUN_LIMITS, type RunLimits } from "@mcp-optimizer/contracts";

const MIB = 1024 * 1024;

/** The limits of an attack that has none of its own: small, so that a guest meets them soon. A pool made for them serves the whole suite. */
export const ATTACK_LIMITS: Readonly<RunLimits> = {
  ...DEFAULT_RUN_LIMITS,
  cpuMs: 1_000,
  wallMs: 4_000,
  memoryBytes: 128 * MIB,
  diskBytes: 8 * MIB,
  consoleBytes: 64 * 1024,
  calls: 64,
  valueBytes: 4 * MIB,
  replyBytes: 16 * MIB,
};
