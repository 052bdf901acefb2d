import {
  OptimizerError,
  type ApprovalGrant,
  type ApprovalRequest,
  type Clock,
  type JsonObject,
  type PendingApproval,
} from "@mcp-optimizer/contracts";
import {
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { approvalForm, isApproved } from "../approvals/approval-form.ts";
import { askLegacyClient } from "../approvals/ask-legacy-client.ts";
import { askUntilDecided } from "../approvals/ask-until-decided.ts";
import { callAsTask } from "../tasks/call-as-task.ts";
import type { TaskDesk } from "../tasks/task-desk.ts";
import type { ToolViewer } from "../tool-source.ts";
import { attemptCall, type CallParts, type Outcome } from "./call-attempt.ts";
import { callOrigin } from "./call-origin.ts";
import { clientAbilities } from "./client-abilities.ts";
import { toErrorResult } from "./error-result.ts";
import { createProgressRelay } from "./progress-relay.ts";

/** The key of the one question in an `input_required` result. */
const APPROVAL = "approval";

/** What a call needs beside its request. */
export interface ToolCaller extends CallParts {
  readonly tasks: TaskDesk;
  readonly clock: Clock;
}

/** The connection, session or single request that a server serves. */
export interface Connection {
  readonly era: "legacy" | "modern";
  /** Names the connection, where it has no session id of its own. */
  readonly id?: string;
  /** Who makes all of its requests, where that is known. */
  readonly viewer?: ToolViewer;
}

/**
 * Calls a tool for one request: cancelling the request aborts the call, and progress goes out under the client's
 * token if it sent one. A person who has to decide first is asked through the client, if it can do that. A call that lasts becomes a task,
 * if the client knows tasks. A failure is a result with `isError`.
 * Throws a ProtocolError only for a tool that does not exist, and for an answer that was given to another question.
 */
export async function callTool(
  caller: ToolCaller,
  server: Server,
  connection: Connection,
  name: string,
  args: JsonObject,
  context: ServerContext,
): Promise<Result> {
  const { signal, notify, _meta: meta } = context.mcpReq;
  const { forms, tasks } = clientAbilities(connection.era, server, context);
  const origin = callOrigin(context, connection.id);
  const progressToken = meta?.progressToken;
  const relay = createProgressRelay((progress) => {
    const params = { progressToken: progressToken!, ...progress };
    notify({ method: "notifications/progress", params }).catch((cause: unknown) => {
      caller.log({ level: "debug", message: "Progress could not be sent.", fields: { tool: name }, cause });
    });
  });
  const report = progressToken === undefined ? undefined : relay.report;
  const call = { server, name, args, origin };
  const attempt = (approval: ApprovalGrant | undefined): Promise<Outcome> =>
    attemptCall(caller, call, { approval, signal, untilDone: false, onProgress: report });
  try {
    if (connection.era === "legacy") {
      const first = await attempt(undefined);
      if (!forms) return first.result;
      const ask = (request: ApprovalRequest) => askLegacyClient(caller, context, request);
      return (await askUntilDecided(first, ask, attempt)).result;
    }
    const grant = grantIn(context);
    if (!tasks) return answered(await attempt(grant), grant, forms);
    const ended = await callAsTask(caller.tasks, caller.clock, {
      attempt: (options) =>
        attemptCall(caller, call, {
          ...options,
          onProgress(progress) {
            report?.(progress);
            options.onProgress?.(progress);
          },
        }),
      grant,
      forms,
      owner: origin,
      signal,
    });
    return "created" in ended ? ended.created : answered(ended.outcome, grant, forms);
  } catch (error) {
    if (OptimizerError.is(error)) return toErrorResult(error);
    throw error;
  } finally {
    relay.end();
  }
}

/** The answer that a repeated request brings. Without an answer to our question it is a first request again. */
function grantIn({ mcpReq }: ServerContext): ApprovalGrant | undefined {
  const state: unknown = mcpReq.requestState();
  const answer = inputResponse(mcpReq.inputResponses, APPROVAL);
  if (typeof state !== "string" || answer.kind !== "elicit") return undefined;
  return { state, approved: isApproved(answer) };
}

function answered(
  { result, pending, error }: Outcome,
  grant: ApprovalGrant | undefined,
  forms: boolean,
): Result {
  // Without a yes it may be the person who refused; otherwise it is the state, which the protocol wants as an error of the request.
  const refused = grant !== undefined && error?.code === "approval_rejected";
  if (refused && (grant.approved || error.data?.["reason"] === "state")) {
    const [block] = result.content;
    const words = block?.type === "text" ? block.text : "The requestState is not valid here.";
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, words, { code: error.code });
  }
  return pending !== undefined && forms ? asking(pending) : result;
}

function asking({ request, state }: PendingApproval): Result {
  const inputRequests = { [APPROVAL]: inputRequired.elicit(approvalForm(request)) };
  return inputRequired({ inputRequests, requestState: state });
}
