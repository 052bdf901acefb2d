import type { ApprovalGrant, ApprovalRequest } from "@mcp-optimizer/contracts";
import type { Outcome } from "../protocol/call-attempt.ts";
import { isApproved, type FormAnswer } from "./approval-form.ts";

const MAX_QUESTIONS = 8;

/**
 * Goes on with a call as often as a person decides about it, at most eight times. Without an answer the outcome is the last one, whose result
 * says how to ask again.
 */
export async function askUntilDecided(
  first: Outcome,
  ask: (request: ApprovalRequest) => Promise<FormAnswer | undefined>,
  attempt: (approval: ApprovalGrant) => Promise<Outcome>,
): Promise<Outcome> {
  let outcome = first;
  for (let question = 0; question < MAX_QUESTIONS && outcome.pending !== undefined; question += 1) {
    const { request, state } = outcome.pending;
    const answer = await ask(request);
    if (answer === undefined) break;
    outcome = await attempt({ state, approved: isApproved(answer) });
  }
  return outcome;
}
