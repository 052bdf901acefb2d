import type {
  ApprovalGrant,
  Clock,
  ExecutionLog,
  Language,
  Log,
  OptimizerError,
  PendingApproval,
  RunEnd,
  RunLimits,
  RunSource,
} from "@mcp-optimizer/contracts";
import type { ApprovalDesk } from "../approvals/approval-desk.ts";
import { approvalNeeded } from "../approvals/approval-needed.ts";
import { createRunApprovals } from "../approvals/run-approvals.ts";
import { openRunJournal } from "../log/run-journal.ts";
import { connectionSession } from "../sessions/connection-session.ts";
import { createRunSession, type RunSessionParts } from "../sessions/run-session.ts";
import type { RunContext } from "./run-context.ts";

/** What runs are opened with. */
export interface OpenRunParts {
  readonly executionLog: ExecutionLog;
  readonly approvals: ApprovalDesk;
  readonly sessions: RunSessionParts;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly randomId: () => string;
}

/** A run to open. */
export interface RunOpening {
  readonly source: RunSource;
  readonly language: Language;
  readonly limits: RunLimits;
  /** How long its owner may be silent, in milliseconds. */
  readonly leaseMs: number;
  /** Default `local`. */
  readonly tenant?: string | undefined;
  /** Default: the tenant's name. */
  readonly principal?: string | undefined;
  /** Default none. */
  readonly scopes?: readonly string[] | undefined;
  readonly session?: string | undefined;
  /** The session that the caller names for variables. Default: that of the connection. */
  readonly sessionId?: string | undefined;
  readonly connection?: string | undefined;
  /** Goes on with an earlier run. An approval says itself which. */
  readonly runId?: string | undefined;
  /** Takes an earlier run from its owner, who is dead. Default false. */
  readonly takeOver?: boolean | undefined;
  readonly approval?: ApprovalGrant | undefined;
}

/**
 * Opens a run's journal, under its earlier id where an approval or the caller names one. Rejects with `conflict`, `approval_rejected`, or
 * `not_found` for a session that is not the caller's.
 */
export async function openRun(parts: OpenRunParts, opening: RunOpening): Promise<Omit<RunContext, "report">> {
  const { executionLog: log, clock, randomId } = parts;
  const { source, language, limits, leaseMs, tenant = "local", session, takeOver, approval } = opening;
  const { principal = tenant, sessionId, connection } = opening;
  if (sessionId !== undefined) await parts.sessions.sessions.use({ tenant, principal }, sessionId);
  const approved = approval && (await parts.approvals.redeem(tenant, source, approval));
  const runId = approved?.runId ?? opening.runId ?? `r_${randomId()}`;
  const owner = randomId();
  const journal = await openRunJournal({
    log,
    clock,
    randomId,
    tenant,
    runId,
    source,
    owner,
    leaseMs,
    session: sessionId ?? (connection && connectionSession(connection)),
    takeOver,
  });
  const variables = createRunSession(parts.sessions, {
    tenant,
    principal,
    runId,
    id: journal.session,
    inUse: sessionId !== undefined && journal.session === sessionId,
    connection,
    mayMake: source.kind === "program",
  });
  return {
    runId,
    tenant,
    principal,
    ...(opening.scopes && { scopes: opening.scopes }),
    ...(session !== undefined && { session }),
    language,
    journal,
    variables,
    approvals: approved?.approvals ?? createRunApprovals(),
    sources: new Set(),
    limits,
    calls: [],
    shown: [],
    remarks: new Set(),
    depth: 0,
  };
}

/** How a run that is to be ended went. */
export interface RunEnding {
  readonly source: RunSource;
  readonly error: RunEnd["error"] | undefined;
  readonly onApproval?: ((pending: PendingApproval) => void) | undefined;
}

/** Ends a run, and asks for approval where it has planned: gives the error that says so then. */
export async function endRun(
  { approvals, log }: OpenRunParts,
  { tenant, runId, journal, approvals: own }: RunContext,
  { source, error, onApproval }: RunEnding,
): Promise<OptimizerError | undefined> {
  const asked = own.planning
    ? await approvals.request(tenant, runId, source, own, error === undefined)
    : undefined;
  if (asked !== undefined) onApproval?.(asked);
  const needed = asked && approvalNeeded(asked.request, source.kind === "program" ? "program" : "call");
  const end = needed ?? error;
  await journal
    .close(end && { code: end.code, message: end.message })
    .catch((cause: unknown) => log({ level: "error", message: "A run could not be closed", cause }));
  return needed;
}
