import type { ApprovalRequest, Clock, Log } from "@mcp-optimizer/contracts";
import type { ServerContext } from "@modelcontextprotocol/server";
import { approvalForm, type FormAnswer } from "./approval-form.ts";

/** Longer timers than a day do not work everywhere. */
const MAX_WAIT_MS = 86_400_000;

/**
 * Asks through a client of a revision before 2026-07-28, by a request of our own that belongs to the client's. Resolves with undefined if no
 * answer can be had: the client is gone, refuses, or its user takes too long.
 */
export async function askLegacyClient(
  { log, clock }: { readonly log: Log; readonly clock: Clock },
  { mcpReq }: ServerContext,
  request: ApprovalRequest,
): Promise<FormAnswer | undefined> {
  const { signal } = mcpReq;
  if (signal.aborted) return undefined;
  // People are slow: they have as long as their answer is taken.
  const timeout = Math.min(Math.max(request.expiresAt - clock.now(), 1), MAX_WAIT_MS);
  try {
    const question = { method: "elicitation/create", params: { ...approvalForm(request) } } as const;
    const answer = await mcpReq.send(question, { signal, timeout });
    return signal.aborted ? undefined : answer;
  } catch (cause) {
    log({ level: "debug", message: "A person could not be asked.", cause });
    return undefined;
  }
}
