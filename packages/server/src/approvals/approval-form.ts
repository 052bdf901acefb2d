import type { ApprovalRequest } from "@mcp-optimizer/contracts";
import type { ElicitRequestFormParams } from "@modelcontextprotocol/server";
import { approvalMessage } from "./approval-message.ts";

/** A form that a person filled in, or put away. */
export interface FormAnswer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, unknown>> | undefined;
}

/** The form that asks a person for an approval. */
export function approvalForm(request: ApprovalRequest): ElicitRequestFormParams {
  return {
    message: approvalMessage(request),
    requestedSchema: {
      type: "object",
      properties: {
        approve: {
          type: "boolean",
          title: "Approve",
          description: "Whether these calls may be made. Nothing is done without it.",
        },
      },
      required: ["approve"],
    },
  };
}

/** Whether a form was sent off with a clear yes. Everything else is a no. */
export function isApproved({ action, content }: FormAnswer): boolean {
  return action === "accept" && content?.["approve"] === true;
}
