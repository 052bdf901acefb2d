import { createHash } from "node:crypto";
import type { ApprovalGrant } from "@mcp-optimizer/contracts";

/** Who asks for something, and with which answer of a person. */
interface Asking {
  readonly tenant?: string;
  readonly principal?: string;
  readonly scopes?: readonly string[];
  readonly approval?: ApprovalGrant;
}

/** Equal for those who may share one doing of a run: the same source, by the same caller, with the same approval. */
export function sameWork(
  source: string,
  { tenant = "local", principal = tenant, scopes = [], approval }: Asking,
): string {
  const asked = [source, principal, [...scopes].toSorted(), approval && [approval.state, approval.approved]];
  return createHash("sha256").update(JSON.stringify(asked)).digest("base64url");
}
