import {
  OptimizerError,
  type ExecutionLog,
  type JsonObject,
  type ToolCallOptions,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { beginAttempt, type Attempt } from "./attempt.ts";
import { callName, type Blow, type CallFault, type LogFault, type Schedule } from "./schedule.ts";

/** An upstream that counts what it commits and processes in front of it, which a schedule strikes. Both outlive every process. */
export interface FaultyWorld {
  /** How often the writes of each kind and key were committed, as `kind key`. */
  readonly commits: ReadonlyMap<string, number>;
  readonly log: ExecutionLog;
  readonly callTool: ToolProvider["callTool"];
  /** Begins an attempt at the run; those before it that stand still go on when it has the log. */
  begin(): Attempt;
  /** Ends what is left of the schedule: nothing happens any more, and whoever stands still goes on. */
  calm(): void;
}

const MOST_SLEEPING = 2;

/** Makes a world for a schedule. */
export function createFaultyWorld(schedule: Schedule, log: ExecutionLog): FaultyWorld {
  const attempts: Attempt[] = [];
  const stalled = new Set<Attempt>();
  const owners = new Map<string, Attempt>();
  const upstream = createUpstream(schedule.callFaults.slice(), (id, blow) => strike(attemptOf(id), blow));
  const logFaults = schedule.logFaults.slice();
  const attemptOf = (id: string | undefined): Attempt => {
    const attempt = attempts.find((one) => one.id === id);
    if (attempt === undefined) throw new Error("A call of nobody");
    return attempt;
  };

  let sleeping = 0;
  const strike = async (attempt: Attempt, blow: Blow): Promise<void> => {
    // Each holds a guest.
    if (blow === "sleeps" && ++sleeping > MOST_SLEEPING) return;
    if (blow === "stalls") stalled.add(attempt);
    await attempt.suffer(blow);
  };
  const written = async <T>(attempt: Attempt, write: () => Promise<T>): Promise<T> => {
    await attempt.pass();
    const [blow, when] = split(logFaults.shift() ?? "none");
    if (blow !== undefined && when === "before") await strike(attempt, blow);
    const value = await write();
    if (blow !== undefined && when === "after") await strike(attempt, blow);
    await attempt.pass();
    return value;
  };
  const byOwner =
    <Rest extends readonly unknown[], T>(
      write: (tenant: string, runId: string, owner: string, ...rest: Rest) => Promise<T>,
    ) =>
    (tenant: string, runId: string, owner: string, ...rest: Rest): Promise<T> =>
      written(owners.get(owner)!, () => write(tenant, runId, owner, ...rest));

  return {
    commits: upstream.commits,
    async callTool(name, args, options) {
      await attemptOf(options?.session).pass();
      return await upstream.callTool(name, args, options);
    },
    log: {
      async open(start) {
        const attempt = attempts.at(-1)!;
        const run = await written(attempt, () => log.open(start));
        owners.set(start.owner, attempt);
        for (const other of stalled) if (other !== attempt) other.wake();
        return run;
      },
      intend: byOwner((...entry) => log.intend(...entry)),
      settle: byOwner((...entry) => log.settle(...entry)),
      record: byOwner((...entry) => log.record(...entry)),
      close: byOwner((...entry) => log.close(...entry)),
      read: (...entry) => log.read(...entry),
      list: (...entry) => log.list(...entry),
    },
    begin() {
      const attempt = beginAttempt(`a${attempts.length}`);
      attempts.push(attempt);
      return attempt;
    },
    calm() {
      logFaults.length = 0;
      upstream.calm();
      for (const attempt of attempts) attempt.wake();
    },
  };
}

interface Upstream {
  readonly commits: ReadonlyMap<string, number>;
  callTool(name: string, args: JsonObject, options?: ToolCallOptions): Promise<ToolResult>;
  calm(): void;
}

function createUpstream(
  faults: CallFault[],
  strike: (attempt: string | undefined, blow: Blow) => Promise<void>,
): Upstream {
  const commits = new Map<string, number>();
  const idempotencyKeys = new Set<string>();
  const commit = (name: string, args: JsonObject): void => {
    if (name === "read") return;
    const own = args["idempotencyKey"];
    if (typeof own === "string") {
      if (idempotencyKeys.has(own)) return;
      idempotencyKeys.add(own);
    }
    const write = callName(name, args);
    commits.set(write, (commits.get(write) ?? 0) + 1);
  };
  return {
    commits,
    calm: () => void (faults.length = 0),
    async callTool(name, args, options) {
      const fault = faults.shift() ?? "none";
      if (fault === "refused") throw new OptimizerError("upstream_failed", { data: { notApplied: true } });
      const lost = fault.startsWith("lost");
      const [blow, when] = split(lost ? "none" : fault);
      if (blow !== undefined && when === "before") await strike(options?.session, blow);
      // A client that cancelled before is not served any more; one that is only gone is.
      if (fault !== "lost before" && fault !== "client leaves before") commit(name, args);
      if (lost) throw new OptimizerError("upstream_failed", { detail: "the reply was lost" });
      if (blow !== undefined && when === "after") await strike(options?.session, blow);
      if (blow === "client leaves") throw new OptimizerError("cancelled");
      return { content: [{ type: "text", text: `${callName(name, args)} done` }] };
    },
  };
}

function split(fault: CallFault | LogFault): [blow?: Blow, when?: string] {
  if (fault === "none" || fault === "refused") return [];
  const at = fault.lastIndexOf(" ");
  return [fault.slice(0, at) as Blow, fault.slice(at + 1)];
}
