import type { ErrorCode } from "@mcp-optimizer/contracts";

/** What the process exits with. */
export const EXIT_CODES = {
  ok: 0,
  /** The program failed, or something unexpected happened. */
  failed: 1,
  /** Wrong arguments, or a configuration that cannot be used. */
  usage: 2,
  /** No server, no sandbox or no state file can be had. */
  unavailable: 3,
} as const;

/** The exit code of an error code. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case "invalid_params":
    case "config_invalid":
    case "unknown_tool":
    case "unknown_intent":
    case "not_found":
      return EXIT_CODES.usage;
    case "upstream_failed":
    case "sandbox_unavailable":
    case "store_unavailable":
      return EXIT_CODES.unavailable;
    default:
      return EXIT_CODES.failed;
  }
}
