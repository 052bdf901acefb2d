import type { ApprovalGrant, ApprovalRequest, Clock } from "@mcp-optimizer/contracts";
import { ProtocolError, type Result } from "@modelcontextprotocol/server";
import { approvalForm } from "../approvals/approval-form.ts";
import { askUntilDecided } from "../approvals/ask-until-decided.ts";
import type { Attempt, Outcome } from "../protocol/call-attempt.ts";
import type { Task, WireError } from "./task.ts";
import type { Owner } from "../shared/owner.ts";
import type { TaskDesk } from "./task-desk.ts";

/** A call of a client that knows tasks. */
export interface TaskableCall {
  readonly attempt: (options: Attempt) => Promise<Outcome>;
  readonly grant: ApprovalGrant | undefined;
  /** Whether the client shows forms. */
  readonly forms: boolean;
  readonly owner: Owner;
  /** Aborts when the client cancels the request, or is gone before the answer. */
  readonly signal: AbortSignal;
}

/**
 * Calls a tool. Resolves with its outcome if it is there in the foreground time; otherwise with a task, in which the call goes on
 * without the request.
 */
export async function callAsTask(
  tasks: TaskDesk,
  clock: Clock,
  call: TaskableCall,
): Promise<{ outcome: Outcome } | { created: Result }> {
  const task = tasks.open(call.owner);
  const cancel = (): void => task.cancel();
  call.signal.addEventListener("abort", cancel, { once: true });
  if (call.signal.aborted) cancel();
  const attempt = (approval: ApprovalGrant | undefined): Promise<Outcome> =>
    call.attempt({
      approval,
      signal: task.signal,
      untilDone: true,
      onProgress: (each) => task.progress(each),
      onRun: (runId) => task.belongsTo(runId),
    });
  const late = Promise.withResolvers<undefined>();
  const cancelTimer = clock.schedule(tasks.limits.foregroundMs, () => late.resolve(undefined));
  const first = attempt(call.grant);
  try {
    const outcome = await Promise.race([first, late.promise]);
    // A new task is always working: what it has or wants beside that is for tasks/get.
    const created = { ...task.view, resultType: "task" };
    // What nobody could find is no task: the client waits for it then.
    if (outcome === undefined && !call.signal.aborted && (await canBeFound(tasks, task))) {
      void follow(task, first, attempt, call.forms);
      return { created };
    }
    const awaited = outcome ?? (await first);
    tasks.drop(task);
    return { outcome: awaited };
  } catch (error) {
    tasks.drop(task);
    throw error;
  } finally {
    cancelTimer();
    call.signal.removeEventListener("abort", cancel);
  }
}

async function canBeFound(tasks: TaskDesk, task: Task): Promise<boolean> {
  return await tasks.publish(task).then(
    () => true,
    () => false,
  );
}

async function follow(
  task: Task,
  first: Promise<Outcome>,
  attempt: (approval: ApprovalGrant) => Promise<Outcome>,
  forms: boolean,
): Promise<void> {
  const ask = (request: ApprovalRequest) => {
    task.belongsTo(request.runId);
    return task.ask(approvalForm(request), request.expiresAt);
  };
  try {
    const outcome = await first;
    task.complete((forms ? await askUntilDecided(outcome, ask, attempt) : outcome).result);
  } catch (error) {
    task.fail(wireError(error));
  }
}

function wireError(error: unknown): WireError {
  if (!(error instanceof ProtocolError)) return { code: -32_603, message: "Internal error" };
  const { code, message, data } = error;
  return { code, message, ...(data !== undefined && { data }) };
}
