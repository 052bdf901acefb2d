import type { Readable, Writable } from "node:stream";
import type { ApprovalRequest } from "@mcp-optimizer/contracts";
import { confirm } from "./confirm.ts";
import { plainText } from "./plain-text.ts";

const ARGUMENT_CHARACTERS = 2_000;

/** The plan of a run, as a person reads it before deciding: one line for each call that would be made. */
export function renderPlan({ calls, complete }: ApprovalRequest): string {
  const lines = calls.map(({ tool, args, effect, asked, reason }) => {
    const text = plainText(JSON.stringify(args));
    const shown =
      text.length > ARGUMENT_CHARACTERS
        ? `${text.slice(0, ARGUMENT_CHARACTERS)}… (${text.length} characters)`
        : text;
    return `  ${asked ? "?" : " "} ${plainText(tool)} (${effect}) ${shown}${asked ? `: ${plainText(reason)}` : ""}`;
  });
  const end = complete ? [] : ["  What follows could not be foreseen; it is asked about when it comes."];
  return ["The program wants to make these calls; none has been made:", ...lines, ...end].join("\n");
}

/** Shows a plan and asks whether it may be carried out. Anything but yes is no. */
export async function askApproval(
  request: ApprovalRequest,
  terminal: { input: Readable; output: Writable; signal: AbortSignal },
): Promise<boolean> {
  terminal.output.write(`${renderPlan(request)}\n`);
  return await confirm("Allow it?", terminal);
}
