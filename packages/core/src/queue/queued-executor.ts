import type { Language, RunLimits, RunQueue, TokenCounter } from "@mcp-optimizer/contracts";
import type { ApprovalDesk } from "../approvals/approval-desk.ts";
import { sourceHash } from "../log/source-hash.ts";
import { programLanguage } from "../program/program-language.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import type { Executor } from "../run/executor.ts";
import { loweredLimits } from "../run/merge-limits.ts";
import { renderRunReport, runTokens } from "../run/render-run-report.ts";
import { requireTokens } from "../run/require-tokens.ts";
import { sameWork } from "./same-work.ts";
import { leavingSignal } from "./leaving-signal.ts";
import { readDone, workJson } from "./queued-work.ts";

/** What the executor of a front works with. */
export interface QueuedExecutorParts {
  readonly queue: Pick<RunQueue, "run">;
  /** Runs programs that are parts of runs of this process. */
  readonly local: Executor;
  readonly approvals: Pick<ApprovalDesk, "runOf">;
  readonly usage: Pick<UsageLimits, "enter" | "spend">;
  readonly limits: RunLimits;
  readonly tokenCounter: TokenCounter;
  readonly maxProgramTokens?: number | undefined;
  readonly modelMaySave: boolean;
  readonly randomId: () => string;
  /** Aborts when this process closes. */
  readonly closing: AbortSignal;
}

const ALL_LANGUAGES: readonly Language[] = ["javascript", "python"];
/** A run may wait, be taken over and be told of for so long beside its own time. */
const LEASE_SLACK_MS = 180_000;

/**
 * Gives programs to workers. What hangs on the program and its caller alone is decided here: limits, tokens, rates; all else by the worker,
 * which knows the run. The answer is made here.
 */
export function createQueuedExecutor(parts: QueuedExecutorParts): Executor {
  const { queue, approvals, usage, tokenCounter, modelMaySave, randomId } = parts;
  return {
    async run(request) {
      if (request.within !== undefined) return await parts.local.run(request);
      const { signal, onProgress, onApproval, onRun, within: _none, ...asked } = request;
      const { code, tenant = "local", principal, session, params, approval } = asked;
      const limits = loweredLimits(parts.limits, asked.limits);
      const language = programLanguage(code, asked.language, ALL_LANGUAGES);
      requireTokens(parts, asked);
      const approved = approval && (await approvals.runOf(approval));
      const runId = approved ?? asked.runId ?? `r_${randomId()}`;
      onRun?.(runId);
      const owner = { tenant, principal, session };
      const { leave } = await usage.enter(owner, limits.wallMs + LEASE_SLACK_MS);
      try {
        const source = { kind: "program", code, language, ...(params && { params }) } as const;
        const job = {
          tenant,
          runId,
          same: sameWork(sourceHash(source), asked),
          work: workJson({ kind: "program", request: asked }),
        };
        using leaving = leavingSignal(signal, parts.closing);
        const told = { signal: leaving.signal, ...(onProgress && { onProgress }) };
        const { report, pending } = readDone(await queue.run(job, told));
        if (pending !== undefined) onApproval?.(pending);
        const answer = renderRunReport(report!, modelMaySave);
        const tokens = { ...report!.tokens, ...runTokens(tokenCounter, code, answer) };
        await usage.spend(owner, tokens.program + tokens.answer);
        return { answer, report: { ...report!, tokens } };
      } finally {
        leave();
      }
    },
  };
}
