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
import type { FreeRun, HeldRun, SharedRuns } from "./shared-runs.ts";

/** How long a caller waits for a run. */
export interface RunWaitOptions {
  /** Default `local`. */
  readonly tenant?: string;
  /** Of whoever waits: what a run does from when it goes on, it does with the rights of that caller. Default: the tenant's name. */
  readonly principal?: string;
  /** Default none. */
  readonly scopes?: readonly string[];
  /** Of whoever waits: what a run does from now on, it does for that session. */
  readonly session?: string;
  /** The connection that the waiting came by. Default none. */
  readonly connection?: string;
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
  /** Cancels all that goes on, and all waiting. */
  dispose(): Promise<void>;
}

/** What a desk stands on. */
export interface RunDeskParts {
  readonly executor: Executor;
  readonly approvals: Pick<ApprovalDesk, "runOf">;
  readonly executionLog: Pick<ExecutionLog, "read">;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Runs of other processes. Default: there are no others. */
  readonly shared?: SharedRuns | undefined;
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
  /** Other processes know of it, since it goes on by itself. */
  held: Promise<HeldRun> | undefined;
}

/** Makes a {@link RunDesk}. */
export function createRunDesk(parts: RunDeskParts): RunDesk {
  const { executor, approvals, executionLog, shared, clock, randomId, foregroundMs } = parts;
  const { keepMs = 600_000, maxKept = 1_000 } = parts;
  const entries = new Map<string, Entry>();
  const closing = new AbortController();
  /** What the others are being told, which nobody waits for before the end. */
  const telling = new Set<Promise<void>>();

  const forget = (): void => {
    const now = clock.elapsed();
    for (const [runId, { endedAt }] of entries) {
      if (endedAt === undefined) continue;
      if (now - endedAt > keepMs || entries.size > maxKept) entries.delete(runId);
    }
  };
  const begin = (request: RunRequest, runId: string, held?: HeldRun): Entry => {
    if (closing.signal.aborted) throw closing.signal.reason;
    forget();
    const abort = new AbortController();
    const { onRun, ...asked } = request;
    const { tenant = "local", onApproval } = asked;
    onRun?.(runId);
    const entry: Entry = {
      request,
      tenant,
      abort,
      endedAt: undefined,
      pending: undefined,
      held: undefined,
      ended: executor.run({
        ...asked,
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
    if (held !== undefined) entry.held = heldUntilEnd(entry, Promise.resolve(held));
    return entry;
  };
  /** What asks for approval, or ends with this process, goes on elsewhere from the log. */
  const heldUntilEnd = async (entry: Entry, holding: Promise<HeldRun>): Promise<HeldRun> => {
    const held = await holding;
    tell(
      entry.ended.then(
        (executed) => held.end(entry.pending === undefined && !closing.signal.aborted ? executed : undefined),
        () => held.end(),
      ),
    );
    return held;
  };
  const tell = (told: Promise<void>): void => {
    telling.add(told);
    void told.finally(() => telling.delete(told));
  };
  const remove = (runId: string, entry: Entry): void => {
    if (entries.get(runId) === entry) entries.delete(runId);
  };
  /** Lets other processes wait for a run that goes on by itself. */
  const share = async (runId: string, entry: Entry): Promise<void> => {
    if (shared === undefined) return;
    entry.held ??= heldUntilEnd(entry, shared.hold(entry.tenant, runId));
    await entry.held;
  };
  /** It was fetched here: whoever comes later finds it in the log. Nobody waits until the others know. */
  const fetched = (runId: string, entry: Entry): void => {
    remove(runId, entry);
    if (entry.held !== undefined) tell(entry.held.then((held) => held.fetched()));
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
      const ended = await firstOf(
        entry.ended,
        clock,
        untilDone ? undefined : foregroundMs,
        // Who leaves a run in the foreground waits for the end that it brings.
        cancels ? undefined : signal,
      );
      if (ended === undefined) {
        await share(runId, entry);
        return stillRunning(runId, foregroundMs);
      }
      if (entry.pending === undefined) fetched(runId, entry);
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

  /** Waits for a run of another process. When none holds it: what this one may claim it by. */
  const elsewhere = async (
    runId: string,
    { tenant = "local", signal, untilDone = false }: RunWaitOptions,
  ): Promise<ExecutedRun | FreeRun> => {
    if (shared === undefined) return UNSHARED;
    const gone = AbortSignal.any([...(signal ? [signal] : []), closing.signal]);
    const patience = waiting(clock, untilDone ? undefined : foregroundMs, gone);
    try {
      const found = await shared.wait(tenant, runId, patience.over);
      if (found.state === "ended") return found.executed;
      return found.state === "running" ? stillRunning(runId, foregroundMs) : found;
    } finally {
      patience.end();
    }
  };
  const ownOf = (tenant: string, runId: string): Entry | undefined => {
    const entry = entries.get(runId);
    return entry?.tenant === tenant ? entry : undefined;
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
      const { tenant = "local", signal } = options;
      for (let round = 1; ; round += 1) {
        forget();
        const own = ownOf(tenant, runId);
        if (own !== undefined && (own.endedAt === undefined || own.pending === undefined)) {
          return await joined(runId, own, options);
        }
        const found = await elsewhere(runId, options);
        if ("answer" in found) return found;
        // Who has left takes nothing over.
        if (signal?.aborted === true || round > MOST_ROUNDS) return stillRunning(runId, foregroundMs);
        const earlier = own?.request ?? (await logged(executionLog, tenant, runId));
        const held = await shared?.claim(tenant, runId, found);
        // Another was first, here or elsewhere: it is waited for.
        const late = ownOf(tenant, runId) !== own;
        if (late || closing.signal.aborted) await held?.end();
        if (late || (shared !== undefined && held === undefined)) continue;
        const request = { ...again(earlier, options), ...(found.dead && { takeOver: true }) };
        return await foreground(runId, begin(request, runId, held), options, true);
      }
    },
    async dispose() {
      closing.abort(new OptimizerError("cancelled", { detail: "this process is ending" }));
      const all = [...entries.values()];
      for (const { abort } of all) abort.abort();
      await Promise.allSettled(all.map(({ ended }) => ended));
      await Promise.allSettled(all.flatMap(({ held }) => (held === undefined ? [] : [held])));
      await Promise.allSettled(telling);
      entries.clear();
    },
  };
}

/** So often another may be first, and give the run up again. */
const MOST_ROUNDS = 100;
/** Nobody else could hold it. */
const UNSHARED: FreeRun = { state: "free", dead: false, version: undefined };

/** An earlier run as whoever waits for it goes on with it. */
function again(earlier: RunRequest, options: RunWaitOptions): RunRequest {
  const { approval: _answered, session: _other, principal: _whoBegan, scopes: _theirs, ...request } = earlier;
  const { principal, scopes, session, connection, approval, onApproval, onProgress } = options;
  return {
    ...request,
    ...(principal !== undefined && { principal }),
    ...(scopes && { scopes }),
    ...(session !== undefined && { session }),
    ...(connection !== undefined && { connection }),
    ...(approval && { approval }),
    ...(onApproval && { onApproval }),
    ...(onProgress && { onProgress }),
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
): Promise<ExecutedRun | undefined> {
  const patience = waiting(clock, ms, signal);
  try {
    return await Promise.race([ended, patience.over]);
  } finally {
    patience.end();
  }
}

/** The patience of who waits: so many milliseconds, or until they leave. `end` lets go of timer and signal. */
function waiting(
  clock: Clock,
  ms: number | undefined,
  signal: AbortSignal | undefined,
): { readonly over: Promise<undefined>; readonly end: () => void } {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const leave = (): void => resolve(undefined);
  const cancel = ms === undefined ? undefined : clock.schedule(ms, leave);
  if (signal?.aborted === true) leave();
  signal?.addEventListener("abort", leave, { once: true });
  return {
    over,
    end() {
      cancel?.();
      signal?.removeEventListener("abort", leave);
      leave();
    },
  };
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
