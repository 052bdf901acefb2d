import type { Clock, ExecutionLog, JsonObject, ToolProvider } from "@mcp-optimizer/contracts";
import {
  createMemoryExecutionLog,
  createOptimizer,
  createPolicy,
  systemClock,
  type Optimizer,
  type RunReport,
} from "@mcp-optimizer/core";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import type { Attempt } from "./attempt.ts";
import { damageOf, type Damage } from "./damage.ts";
import { createFaultyWorld, type FaultyWorld } from "./faulty-world.ts";
import type { Schedule, ScheduledCall } from "./schedule.ts";

/** The damage of one schedule, and how many attempts it took. */
export interface Outcome extends Damage {
  readonly attempts: number;
}

/** Settings of a {@link FaultyEngine}. */
export interface FaultyEngineOptions {
  /** Puts a fault into the log, to see whether the damage is noticed. Default: none. */
  readonly breakLog?: (log: ExecutionLog) => ExecutionLog;
}

/** Lives through schedules, one after another, in one engine that stands for all the processes: of what a dead one held, nothing is used again. */
export interface FaultyEngine extends AsyncDisposable {
  /** Runs a program under one run id until an attempt ends by itself, through all that its schedule lets go wrong. */
  liveThrough(schedule: Schedule): Promise<Outcome>;
}

const TENANT = "local";
/** More than a schedule has faults. */
const MOST_ATTEMPTS = 40;
const HOUR_MS = 3_600_000;
const POLICY = createPolicy({
  effects: { "world.read": "read", "world.write": "write", "world.keyed": "write" },
});

/** Opens an engine with the embedded sandbox. */
export async function openFaultyEngine({
  breakLog = (log) => log,
}: FaultyEngineOptions = {}): Promise<FaultyEngine> {
  let passed = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + passed };
  const log = breakLog(createMemoryExecutionLog({ clock }));
  const now = new Stage();
  const optimizer = await createOptimizer({
    upstreams: [now.provider],
    sandbox: createWasiSandbox({ workers: 4, warmUpRuns: 0 }),
    executionLog: now.log,
    policy: POLICY,
    clock,
    // Runs of dead processes never end.
    maxRuns: 100_000,
    flags: { executionMode: "code_execution" },
    // Faults are what there is here: a server is never left alone, and nobody waits before a retry.
    resilience: { backoffMs: 0, breakAfter: 0 },
  });
  let count = 0;
  return {
    async liveThrough(schedule) {
      const runId = `r_${count++}`;
      const world = createFaultyWorld(schedule, log);
      now.world = world;
      const life = new Lives(optimizer, world, programText(schedule.program), runId);
      for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts++) {
        const report = await life.next();
        if (report !== undefined && report.error === undefined) {
          await life.end();
          const read = () => log.read(TENANT, runId);
          return { attempts, ...(await damageOf(schedule, report.value, world.commits, read)) };
        }
        // The lease of a dead process runs out.
        passed += HOUR_MS;
      }
      throw new Error(`The run did not end: ${JSON.stringify(schedule)}`);
    },
    [Symbol.asyncDispose]: () => optimizer.dispose(),
  };
}

/** The attempts at one run. */
class Lives {
  readonly #optimizer: Optimizer;
  readonly #world: FaultyWorld;
  readonly #code: string;
  readonly #runId: string;
  readonly #abroad: Promise<unknown>[] = [];

  constructor(optimizer: Optimizer, world: FaultyWorld, code: string, runId: string) {
    this.#optimizer = optimizer;
    this.#world = world;
    this.#code = code;
    this.#runId = runId;
  }

  /** Makes an attempt. Its report; undefined when its client never gets one. */
  async next(): Promise<RunReport | undefined> {
    const attempt = this.#world.begin();
    const running = this.#ask(attempt);
    const report = await Promise.race([running, attempt.left]);
    if (typeof report !== "string") return report;
    this.#abroad.push(running);
    if (report !== "reconnects") return undefined;
    // The client asks again while the attempt goes on, which is refused; then it waits for its end.
    const early = await this.#early();
    attempt.wake();
    if (early === undefined) await running;
    return early;
  }

  /** Lets everybody who still stands somewhere come to an end. */
  async end(): Promise<void> {
    this.#world.calm();
    await Promise.all(this.#abroad);
  }

  async #early(): Promise<RunReport | undefined> {
    const attempt = this.#world.begin();
    const running = this.#ask(attempt);
    const report = await Promise.race([running, attempt.left]);
    if (typeof report !== "string") return report;
    this.#abroad.push(running);
    return undefined;
  }

  /** Resolves with a report; with nothing when there was no run, and when the process dies. */
  async #ask({ id, client, death }: Attempt): Promise<RunReport | undefined> {
    // A dead process holds no guest.
    const signal = AbortSignal.any([client, death]);
    const request = { code: this.#code, runId: this.#runId, session: id, signal };
    const dead = new Promise<undefined>((resolve) => {
      death.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    return await Promise.race([this.#optimizer.run(request).catch(() => undefined), dead]);
  }
}

/** Hands everything to the world of the schedule that is lived through. */
class Stage {
  world: FaultyWorld | undefined;
  readonly log: ExecutionLog = {
    open: (start) => this.#now.log.open(start),
    intend: (...entry) => this.#now.log.intend(...entry),
    settle: (...entry) => this.#now.log.settle(...entry),
    record: (...entry) => this.#now.log.record(...entry),
    close: (...entry) => this.#now.log.close(...entry),
    read: (...entry) => this.#now.log.read(...entry),
    list: (...entry) => this.#now.log.list(...entry),
  };
  readonly provider: ToolProvider = {
    name: "world",
    status: { state: "ready" },
    tools: [
      { name: "read", inputSchema: schemaWith("key") },
      { name: "write", inputSchema: schemaWith("key") },
      { name: "keyed", inputSchema: schemaWith("key", "idempotencyKey") },
    ],
    onChange: () => () => undefined,
    dispose: async () => undefined,
    callTool: (...call) => this.#now.callTool(...call),
  };

  get #now(): FaultyWorld {
    if (this.world === undefined) throw new Error("Nobody lives yet");
    return this.world;
  }
}

const schemaWith = (...names: readonly string[]): JsonObject => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, {}])),
});

function programText(groups: readonly (readonly ScheduledCall[])[]): string {
  const lines = groups.map((group) => {
    const calls = group.map(({ kind, key }) => `world.${kind}({ key: ${key} })`).join(", ");
    return `told.push((await Promise.allSettled([${calls}])).map((r) => r.status === "fulfilled" ? r.value : r.reason.code));`;
  });
  return ["const told = [];", ...lines, "return told;"].join("\n");
}
