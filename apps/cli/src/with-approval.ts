import type { ApprovalGrant, PendingApproval } from "@mcp-optimizer/contracts";
import { confirm } from "./confirm.ts";

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

const MOST_ROUNDS = 8;

/** Does work that may wait for approvals, and asks for them as often as it needs. Where nobody can be asked, gives what the work came to. */
export async function withApproval<Value>(
  work: (options: ApprovalOptions) => Promise<Value>,
  { yes, input, output, signal }: Asking,
): Promise<Value> {
  let approval: ApprovalGrant | undefined;
  for (let round = 0; ; round++) {
    const asked: PendingApproval[] = [];
    const value = await work({ onApproval: (one) => asked.push(one), ...(approval && { approval }) });
    const [pending] = asked;
    if (pending === undefined) return value;
    if (!yes) {
      // Loaded when somebody is asked: it comes with all that serves.
      const { approvalMessage } = await import("@mcp-optimizer/server");
      output.write(`${approvalMessage(pending.request)}\n`);
    }
    if (!yes && !input.isTTY) {
      output.write("Nobody can be asked here: use a terminal, or --yes.\n");
      return value;
    }
    // A program whose calls are others each time would be asked about for ever.
    if (round === MOST_ROUNDS) return value;
    const approved = yes || (await confirm("Allow it?", { input, output, signal }));
    approval = { state: pending.state, approved };
  }
}
