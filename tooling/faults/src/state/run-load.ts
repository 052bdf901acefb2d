import { setTimeout as pause } from "node:timers/promises";
import { OptimizerError, type CallIntent } from "@mcp-optimizer/contracts";
import {
  CONTEXT_KEY,
  contextScope,
  logOf,
  tenantOf,
  valueOf,
  type Acknowledgement,
} from "./acknowledgements.ts";
import type { StateStores } from "./state-scenario.ts";

/** A process that writes. */
export interface LoadOptions {
  /** No other process of the scenario has it. */
  readonly name: string;
  readonly stores: StateStores;
  /** Aborts when it has written enough. */
  readonly signal: AbortSignal;
  readonly acknowledge: (told: Acknowledgement) => void;
  /** Called after each operation, for whoever does not live to see the end. Default: nobody is told. */
  readonly progress?: (figures: LoadFigures) => void;
}

/** How it went until now. */
export interface LoadFigures {
  readonly operations: number;
  readonly errors: number;
  readonly slowestMs: number;
}

/** Processes contend for these. */
const COUNTERS = ["counter 0", "counter 1", "counter 2"];
const CONTEXTS = 3;
const LOGS = 3;
const CALLS_OF_RUN = 20;
const DAY_MS = 24 * 3_600_000;
const LIMIT_BYTES = 100_000;

/** Counts in sessions, sets contexts and logs calls, all at once, until it is told to end. */
export async function runLoad(options: LoadOptions): Promise<LoadFigures> {
  const { name, stores, signal, acknowledge, progress } = options;
  const { sessions, context, log } = stores;
  let [operations, errors, slowestMs] = [0, 0, 0];
  /** What was asked, or undefined where another was first or the store is away. */
  const asked = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const started = performance.now();
    operations += 1;
    try {
      return await work();
    } catch (error) {
      const code = OptimizerError.is(error) ? error.code : undefined;
      // What is lost is not found: that is counted in the end.
      if (code !== "store_unavailable" && code !== "conflict" && code !== "not_found") throw error;
      if (code === "store_unavailable") errors += 1;
      await pause(5);
      return undefined;
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - started);
      progress?.({ operations, errors, slowestMs });
    }
  };
  const count = async (id: string): Promise<void> => {
    const tenant = tenantOf(id);
    const session = await asked(() => sessions.get(tenant, id));
    if (session === undefined) {
      await asked(() => sessions.create({ tenant, id, principal: "p", data: { n: 0 }, ttlMs: DAY_MS }));
      return;
    }
    const data = { n: Number(session.data["n"]) + 1 };
    const made = await asked(() => sessions.update(tenant, id, session.version, data));
    if (made !== undefined) acknowledge(["count", id]);
  };
  const set = async (id: string, value: number): Promise<void> => {
    const options = { ttlMs: DAY_MS, limitBytes: LIMIT_BYTES };
    const made = await asked(() => context.set(contextScope(id), CONTEXT_KEY, value, options));
    if (made !== undefined) acknowledge(["set", id, value]);
  };
  const logRun = async (runId: string): Promise<void> => {
    const tenant = tenantOf(logOf(runId));
    const owner = `owner of ${runId}`;
    const source = { kind: "program", code: "0", language: "javascript" } as const;
    const start = { tenant, runId, program: "0", source, at: Date.now(), owner, leaseMs: DAY_MS };
    if ((await asked(() => log.open(start))) === undefined) return;
    for (let call = 0; call < CALLS_OF_RUN && !signal.aborted; call++) {
      const key = `${runId}.${call}`;
      const intent: CallIntent = {
        key,
        tool: "a.b",
        toolHash: "h",
        args: { key },
        effect: "write",
        at: Date.now(),
      };
      const index = await asked(() => log.intend(tenant, runId, owner, intent));
      if (index === undefined) continue;
      acknowledge(["intend", runId, index, key]);
      const outcome = { state: "applied", value: valueOf(key) } as const;
      const settled = await asked(async () => {
        await log.settle(tenant, runId, owner, index, outcome);
        return true;
      });
      if (settled === true) acknowledge(["settle", runId, index, key]);
    }
    const closed = await asked(async () => {
      await log.close(tenant, runId, owner, { at: Date.now() });
      return true;
    });
    if (closed === true) acknowledge(["close", runId]);
  };
  const again = async (work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 1; !signal.aborted; turn++) {
      await work(turn);
      // A store in this process would let nothing else happen.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all([
    ...COUNTERS.map((id) => again(() => count(id))),
    ...Array.from({ length: CONTEXTS }, (_, number) =>
      again((turn) => set(`context ${number} of ${name}`, turn)),
    ),
    ...Array.from({ length: LOGS }, (_, number) =>
      again((turn) => logRun(`run ${turn} in log ${number} of ${name}`)),
    ),
  ]);
  return { operations, errors, slowestMs };
}
