import { randomBytes } from "node:crypto";
import { OptimizerError } from "@mcp-optimizer/contracts";

/** Shorter ones could be guessed. */
const LEAST_CHARACTERS = 32;

/** The bytes that sign states of approvals. Default: random, so that they hold as long as the process. Throws `config_invalid` for a short one. */
export function approvalSecret(secret: string | undefined): Uint8Array {
  if (secret === undefined) return randomBytes(32);
  if (secret.length >= LEAST_CHARACTERS) return new TextEncoder().encode(secret);
  throw new OptimizerError("config_invalid", {
    detail: `approvals.secret has ${secret.length} characters; at least ${LEAST_CHARACTERS} are needed`,
  });
}
