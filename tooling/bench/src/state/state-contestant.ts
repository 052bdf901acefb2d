import type { ContextStore, ExecutionLog, SessionStore } from "@mcp-optimizer/contracts";

/** Stores to measure, or a peer. */
export interface StateContestant extends AsyncDisposable {
  /** Work for one lane, which nobody else contends for. Each call of the answer does one operation. */
  lane(number: number): Promise<() => Promise<unknown>>;
}

/** How a contestant is called, and how it is opened. */
export interface StateContestantEntry {
  readonly name: string;
  readonly note: string;
  readonly open: () => Promise<StateContestant>;
}

/** Stores of ours. */
export interface MeasuredStores {
  readonly sessions: SessionStore;
  readonly context: ContextStore;
  readonly log: ExecutionLog;
}

/** What is written each time: 1 KiB as JSON. */
export const VALUE: string = "x".repeat(1_022);
const DAY_MS = 24 * 3_600_000;
const CALLS_OF_RUN = 50;

/**
 * What a run in a session asks of its stores, one after another: read the session, count in it (compare-and-set), set a context value, get it, log a
 * call before it is made and its outcome after.
 */
export async function storesLane(
  { sessions, context, log }: MeasuredStores,
  number: number,
): Promise<() => Promise<unknown>> {
  const tenant = `tenant ${number}`;
  const id = "session";
  const scope = { tenant, session: id, namespace: "n" };
  const owner = `owner ${number}`;
  let { version } = await sessions.create({ tenant, id, principal: "p", data: { n: 0 }, ttlMs: DAY_MS });
  let [runs, calls, index] = [0, CALLS_OF_RUN, 0];
  const intend = async (): Promise<void> => {
    if (calls === CALLS_OF_RUN) {
      if (runs > 0) await log.close(tenant, `run ${runs}`, owner);
      calls = 0;
      runs += 1;
      const source = { kind: "program", code: "0", language: "javascript" } as const;
      const run = { tenant, runId: `run ${runs}`, program: "0", source, owner };
      await log.open({ ...run, at: Date.now(), leaseMs: DAY_MS });
    }
    calls += 1;
    const call = { key: "k", tool: "a.b", toolHash: "h", args: {}, effect: "write", at: Date.now() } as const;
    index = await log.intend(tenant, `run ${runs}`, owner, call);
  };
  const steps: readonly (() => Promise<unknown>)[] = [
    () => sessions.get(tenant, id),
    async () => ({ version } = await sessions.update(tenant, id, version, { n: version, text: VALUE })),
    () => context.set(scope, "key", VALUE, { ttlMs: DAY_MS, limitBytes: 100_000 }),
    () => context.get(scope, "key"),
    intend,
    () => log.settle(tenant, `run ${runs}`, owner, index, { state: "applied", value: VALUE }),
  ];
  let step = 0;
  return () => steps[step++ % steps.length]!();
}
