import { ERROR_CODES, type SandboxProbe } from "@mcp-optimizer/contracts";

const WORDS = `${ERROR_CODES.sandbox_unavailable.message}: `;

/** Why a sandbox is not available, without the words that say that it is not; undefined for one that is. */
export function probeReason({ available, reason = "not available" }: SandboxProbe): string | undefined {
  return available ? undefined : reason.replace(WORDS, "").replace(/\.$/, "");
}
