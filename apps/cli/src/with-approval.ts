import type { ApprovalGrant, PendingApproval } from "@mcp-optimizer/contracts";
import { askApproval } from "./ask-approval.ts";

/** How a person is asked. */
export interface Asking {
  /** Approves everything without a question. */
  readonly yes: boolean;
  /** A question is asked only where it is a terminal. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** What a run is begun with, or goes on with. */
export interface ApprovalOptions {
  readonly approval?: ApprovalGrant;
  readonly onApproval: (pending: PendingApproval) => void;
}

/** Does work that may wait for approvals, and asks for them as often as it needs. Where nobody can be asked, gives what the work came to. */
export async function withApproval<Value>(
  work: (options: ApprovalOptions) => Promise<Value>,
  { yes, input, output, signal }: Asking,
): Promise<Value> {
  let approval: ApprovalGrant | undefined;
  for (;;) {
    const asked: PendingApproval[] = [];
    const value = await work({ onApproval: (one) => asked.push(one), ...(approval && { approval }) });
    const [pending] = asked;
    if (pending === undefined || (!yes && !input.isTTY)) return value;
    const approved = yes || (await askApproval(pending.request, { input, output, signal }));
    approval = { state: pending.state, approved };
  }
}
