import { OptimizerError, type Clock, type RunLimits, type RunSource } from "@mcp-optimizer/contracts";
import { programLanguage } from "../program/program-language.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import { loweredLimits } from "./merge-limits.ts";
import { endRun, openRun, type OpenRunParts } from "./open-run.ts";
import { renderRunReport, runTokens } from "./render-run-report.ts";
import { requireTokens } from "./require-tokens.ts";
import { failedBody, type RunBody } from "./run-body.ts";
import { contextOf, countReports, type RunContext } from "./run-context.ts";
import { runProgram, type ProgramRunParts } from "./run-program.ts";
import type { RunReport, RunRequest } from "./run-report.ts";

/** What an executor works with. */
export interface ExecutorParts extends ProgramRunParts, OpenRunParts {
  readonly usage: Pick<UsageLimits, "enter" | "spend">;
  readonly limits: RunLimits;
  readonly maxRuns: number;
  /** Tokens that a program and its parameters may have. Default: any number. */
  readonly maxProgramTokens?: number | undefined;
  /** Whether models are told the ids of runs, to save them. */
  readonly modelMaySave: boolean;
  readonly clock: Clock;
}

/** A run with the text that the model reads of it. */
export interface ExecutedRun {
  readonly report: RunReport;
  readonly answer: string;
}

/** Runs programs. */
export interface Executor {
  /**
   * Resolves with a report whatever the program did. Rejects with OptimizerError before it began: `invalid_params`, `concurrency_limit`,
   * `rate_limit`, `token_limit`, `conflict`, `approval_rejected`.
   */
  run(request: RunRequest): Promise<ExecutedRun>;
}

/** A run that has not ended so long after its time is dead. */
const LEASE_SLACK_MS = 30_000;

/** Makes an {@link Executor}. */
export function createExecutor(parts: ExecutorParts): Executor {
  let running = 0;
  const executed = (report: Omit<RunReport, "tokens">, code: string): ExecutedRun => {
    const answer = renderRunReport(report, parts.modelMaySave);
    return { answer, report: { ...report, tokens: runTokens(parts.tokenCounter, code, answer) } };
  };
  const timed = async (
    context: RunContext,
    work: () => Promise<RunBody>,
  ): Promise<Omit<RunReport, "tokens">> => {
    const started = parts.clock.elapsed();
    const from = context.calls.length;
    const shownFrom = context.shown.length;
    const body = await work().catch((error: unknown) => failedBody(error, parts.log));
    const durationMs = Math.round((parts.clock.elapsed() - started) * 10) / 10;
    const calls = context.calls.slice(from);
    const shown = context.shown.slice(shownFrom);
    return { runId: context.runId, ...body, calls, shown, durationMs };
  };

  return {
    async run(request) {
      const { code, tenant = "local", principal, session, params, onApproval } = request;
      const language = programLanguage(code, request.language, parts.languages);
      const outer = contextOf(request.within);
      if (outer !== undefined) {
        const limits = loweredLimits(leftOf(outer), request.limits);
        const context = { ...outer, language, limits };
        return executed(await timed(context, () => runProgram(parts, request, limits, context)), code);
      }
      const limits = loweredLimits(parts.limits, request.limits);
      requireTokens(parts, request);
      if (running >= parts.maxRuns) {
        throw new OptimizerError("concurrency_limit", {
          detail: `${running} runs are under way; try again when one has ended`,
        });
      }
      const owner = { tenant, principal, session };
      const leaseMs = limits.wallMs + LEASE_SLACK_MS;
      // Counted at once: others ask for their places meanwhile.
      running += 1;
      const { leave } = await parts.usage.enter(owner, leaseMs).catch((error: unknown) => {
        running -= 1;
        throw error;
      });
      let opened: Awaited<ReturnType<typeof openRun>> | undefined;
      try {
        const source: RunSource = { kind: "program", code, language, ...(params && { params }) };
        opened = await openRun(parts, { ...request, source, language, limits, leaseMs });
        const context = { ...opened, report: countReports(request.onProgress) };
        const { variables } = context;
        const signal = AbortSignal.any([...(request.signal ? [request.signal] : []), variables.ended]);
        const run = await timed(context, () => runProgram(parts, { ...request, signal }, limits, context));
        const { error } = run;
        const needed = await endRun(parts, context, { source, error, onApproval });
        const { id, made } = variables;
        const report =
          needed === undefined
            ? { ...run, ...(made && id !== undefined && { session: id }) }
            : planned(run, needed);
        const done = executed(report, code);
        const { program, answer } = done.report.tokens;
        await parts.usage.spend(owner, program + answer);
        return done;
      } finally {
        running -= 1;
        opened?.variables.leave();
        leave();
      }
    },
  };
}

/** Limits of a program that is part of a run: the calls of both count together. */
const leftOf = ({ limits, calls }: RunContext): RunLimits => ({
  ...limits,
  calls: Math.max(1, limits.calls - calls.length),
});

/** What a program gave and said while it was only followed is not true: nothing of it is shown. */
function planned(
  { runId, calls, durationMs }: Omit<RunReport, "tokens">,
  { code, message }: OptimizerError,
): Omit<RunReport, "tokens"> {
  const body = { error: { code, message }, omitted: [], warnings: [], console: [], consoleOmittedBytes: 0 };
  return { runId, ...body, calls, shown: [], durationMs };
}
