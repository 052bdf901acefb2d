import {
  OptimizerError,
  type ApprovalGrant,
  type Clock,
  type ExecutionLog,
  type PendingApproval,
  type ToolProgress,
} from "@mcp-optimizer/contracts";
import type { ApprovalDesk } from "../approvals/approval-desk.ts";
import type { ExecutedRun, Executor } from "./executor.ts";
import type { RunRequest } from "./run-report.ts";

/** How long a caller waits for a run. */
export interface RunWaitOptions {
  /** Default `local`. */
  readonly tenant?: string;
  /** Of whoever waits: what a run does from now on, it does for that session. */
  readonly session?: string;
  /** Cancels a run that is waited for since it began; of a run that goes on by itself, only the waiting. */
  readonly signal?: AbortSignal;
  /** However long it takes. Default false: a long run is answered with its id. */
  readonly untilDone?: boolean;
  readonly approval?: ApprovalGrant;
  readonly onApproval?: (pending: PendingApproval) => void;
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** Runs that outlive their requests. */
export interface RunDesk {
  /** Runs a program. One that takes longer than the foreground time goes on by itself, and the answer says how to wait for it. */
  run(request: RunRequest, options?: Pick<RunWaitOptions, "untilDone">): Promise<ExecutedRun>;
  /**
   * Waits for a run that goes on by itself, or asks again for the approval that a run waits for. One that has ended goes on from the log: what
   * it read and wrote comes from there. Rejects with `not_found` when the tenant has no such run of a program.
   */
  wait(runId: string, options?: RunWaitOptions): Promise<ExecutedRun>;
  /** Cancels all that goes on. */
  dispose(): Promise<void>;
}

/** What a desk stands on. */
export interface RunDeskParts {
  readonly executor: Executor;
  readonly approvals: Pick<ApprovalDesk, "runOf">;
  readonly executionLog: Pick<ExecutionLog, "read">;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Milliseconds after which a run goes on by itself. */
  readonly foregroundMs: number;
  /** How long a result, or a run that waits for approval, is kept, in milliseconds. Default 600,000. */
  readonly keepMs?: number;
  /** Runs kept; the oldest ended one goes first. Default 1,000. */
  readonly maxKept?: number;
}

interface Entry {
  readonly request: RunRequest;
  readonly tenant: string;
  readonly abort: AbortController;
  ended: Promise<ExecutedRun>;
  /** Since when it is over, in milliseconds; undefined while it is under way. */
  endedAt: number | undefined;
  /** What it asks for, since it ended with a question. */
  pending: PendingApproval | undefined;
}

/** Makes a {@link RunDesk}. */
export function createRunDesk(parts: RunDeskParts): RunDesk {
  const { executor, approvals, executionLog, clock, randomId, foregroundMs } = parts;
  const { keepMs = 600_000, maxKept = 1_000 } = parts;
  const entries = new Map<string, Entry>();

  const forget = (): void => {
    const now = clock.elapsed();
    for (const [runId, { endedAt }] of entries) {
      if (endedAt === undefined) continue;
      if (now - endedAt > keepMs || entries.size > maxKept) entries.delete(runId);
    }
  };
  const begin = (request: RunRequest, runId: string): Entry => {
    forget();
    const abort = new AbortController();
    const { tenant = "local", onApproval } = request;
    const entry: Entry = {
      request,
      tenant,
      abort,
      endedAt: undefined,
      pending: undefined,
      ended: executor.run({
        ...request,
        runId,
        signal: abort.signal,
        onApproval: (pending) => {
          entry.pending = pending;
          onApproval?.(pending);
        },
      }),
    };
    const end = (): void => void (entry.endedAt = clock.elapsed());
    entry.ended.then(end, end);
    entries.set(runId, entry);
    return entry;
  };
  const remove = (runId: string, entry: Entry): void => {
    if (entries.get(runId) === entry) entries.delete(runId);
  };
  /** A caller that leaves takes the run with it while it is in the foreground. */
  const foreground = async (
    runId: string,
    entry: Entry,
    { signal, untilDone = false }: RunWaitOptions,
    cancels: boolean,
  ): Promise<ExecutedRun> => {
    const leave = (): void => entry.abort.abort(signal?.reason);
    if (cancels) {
      if (signal?.aborted === true) leave();
      signal?.addEventListener("abort", leave, { once: true });
    }
    try {
      const ended = await firstOf(entry.ended, clock, untilDone ? undefined : foregroundMs, signal, cancels);
      if (ended === undefined) return stillRunning(runId, foregroundMs);
      if (entry.pending === undefined) remove(runId, entry);
      return ended;
    } catch (error) {
      remove(runId, entry);
      throw error;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  };

  /** Waits beside whoever began it, and is asked what that one is asked. */
  const joined = async (runId: string, entry: Entry, options: RunWaitOptions): Promise<ExecutedRun> => {
    const done = await foreground(runId, entry, options, false);
    if (entry.endedAt !== undefined && entry.pending !== undefined) options.onApproval?.(entry.pending);
    return done;
  };

  return {
    async run(request, options = {}) {
      const { approval, signal } = request;
      const approved = approval && (await approvals.runOf(approval));
      const runId = approved ?? request.runId ?? `r_${randomId()}`;
      const entry = entries.get(runId);
      // The same was asked for before, and is under way.
      if (entry?.endedAt === undefined && entry?.tenant === (request.tenant ?? "local")) {
        return await joined(runId, entry, { ...request, ...options });
      }
      return await foreground(runId, begin(request, runId), { ...options, ...(signal && { signal }) }, true);
    },
    async wait(runId, options = {}) {
      forget();
      const { tenant = "local", session, approval, onApproval, onProgress } = options;
      const entry = entries.get(runId);
      const own = entry?.tenant === tenant ? entry : undefined;
      if (own !== undefined && (own.endedAt === undefined || own.pending === undefined)) {
        return await joined(runId, own, options);
      }
      const {
        approval: _answered,
        session: _other,
        ...request
      } = own?.request ?? (await logged(executionLog, tenant, runId));
      const again = {
        ...request,
        ...(session !== undefined && { session }),
        ...(approval && { approval }),
        ...(onApproval && { onApproval }),
        ...(onProgress && { onProgress }),
      };
      return await foreground(runId, begin(again, runId), options, true);
    },
    async dispose() {
      const all = [...entries.values()];
      for (const { abort } of all) abort.abort();
      await Promise.allSettled(all.map(({ ended }) => ended));
      entries.clear();
    },
  };
}

/** A run as the log has it, to be gone through again. */
async function logged(log: Pick<ExecutionLog, "read">, tenant: string, runId: string): Promise<RunRequest> {
  const run = await log.read(tenant, runId);
  if (run?.source.kind !== "program") {
    throw new OptimizerError("not_found", { detail: `there is no run ${runId.slice(0, 80)} of a program` });
  }
  const { code, language, params } = run.source;
  return { code, language, tenant, ...(params && { params }) };
}

/** What ends first: the run, or the patience of who waits for it; undefined for the latter. */
async function firstOf(
  ended: Promise<ExecutedRun>,
  clock: Clock,
  ms: number | undefined,
  signal: AbortSignal | undefined,
  cancels: boolean,
): Promise<ExecutedRun | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const cancel = ms === undefined ? undefined : clock.schedule(ms, () => resolve(undefined));
  const leave = (): void => resolve(undefined);
  if (!cancels && signal?.aborted === true) leave();
  if (!cancels) signal?.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([ended, over]);
  } finally {
    cancel?.();
    signal?.removeEventListener("abort", leave);
  }
}

function stillRunning(runId: string, foregroundMs: number): ExecutedRun {
  const text = `still running; run_code({ run: ${JSON.stringify(runId)} }) waits for it`;
  const nothing = { omitted: [], warnings: [], console: [], consoleOmittedBytes: 0, calls: [], shown: [] };
  const report = { runId, ...nothing, running: true as const, durationMs: foregroundMs };
  return {
    answer: JSON.stringify({ running: runId, next: text }),
    report: { ...report, tokens: { program: 0, answer: 0 } },
  };
}
