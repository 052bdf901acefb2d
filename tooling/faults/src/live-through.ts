import type { Clock, ExecutionLog, ToolProvider } from "@mcp-optimizer/contracts";
import {
  createMemoryExecutionLog,
  createOptimizer,
  createPolicy,
  systemClock,
  type RunReport,
} from "@mcp-optimizer/core";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { createFaultyWorld, UPSTREAM, type Life } from "./faulty-world.ts";
import type { Schedule, ScheduledCall } from "./schedule.ts";

/** What must never happen, counted; all are zero when the engine keeps its word. */
export interface Damage {
  /** Writes that were committed more often than the program makes them. */
  readonly duplicateWrites: number;
  /** Writes that the program was told had worked, and had not. */
  readonly lostAcknowledged: number;
  /** Writes that were committed, and that neither the program nor the log of the run knows of. */
  readonly unreportedUnknown: number;
}

/** The damage of one schedule, and how many attempts it took. */
export interface Outcome extends Damage {
  readonly attempts: number;
}

const TENANT = "local";
/** More than a schedule has faults. */
const MOST_ATTEMPTS = 24;
const policy = createPolicy({ effects: { "world.read": "read", "world.write": "write" } });

/** Lives through schedules, one after another, in one engine that stands for all the processes: of what a dead one held, nothing is used again. */
export interface FaultyEngine extends AsyncDisposable {
  /** Runs a program under one run id until an attempt ends by itself, through all that its schedule lets go wrong. */
  liveThrough(schedule: Schedule): Promise<Outcome>;
}

/** Opens an engine with the embedded sandbox. */
export async function openFaultyEngine(): Promise<FaultyEngine> {
  let passed = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + passed };
  const log = createMemoryExecutionLog({ clock });
  const now = new Switch();
  const optimizer = await createOptimizer({
    upstreams: [now.provider],
    sandbox: createWasiSandbox({ workers: 1, warmUpRuns: 0 }),
    executionLog: now.log,
    policy,
    clock,
    // Runs of dead processes never end.
    maxRuns: 10_000,
  });
  let count = 0;
  return {
    async liveThrough(schedule) {
      const runId = `r_${count++}`;
      const world = createFaultyWorld(schedule, log);
      const code = programText(schedule.program);
      for (let attempts = 1; attempts <= MOST_ATTEMPTS; attempts++) {
        const life = world.begin();
        now.life = life;
        const death = new AbortController();
        const signal = AbortSignal.any([life.client, death.signal]);
        const report = await Promise.race([
          optimizer.run({ code, runId, signal }),
          life.died.then(() => undefined),
        ]);
        // A dead process holds no guest.
        death.abort();
        if (report !== undefined && report.error === undefined) {
          return { attempts, ...(await damageOf(schedule, report, world.commits, log)) };
        }
        // The lease of a dead process runs out.
        passed += 3_600_000;
      }
      throw new Error(`The run did not end: ${JSON.stringify(schedule)}`);
    },
    [Symbol.asyncDispose]: () => optimizer.dispose(),
  };
}

/** Hands everything to the process that lives now. */
class Switch {
  life: Life | undefined;
  readonly log: ExecutionLog = {
    open: (start) => this.#now.log.open(start),
    intend: (...entry) => this.#now.log.intend(...entry),
    settle: (...entry) => this.#now.log.settle(...entry),
    close: (...entry) => this.#now.log.close(...entry),
    read: (...entry) => this.#now.log.read(...entry),
    list: (...entry) => this.#now.log.list(...entry),
  };
  readonly provider: ToolProvider = {
    ...UPSTREAM,
    callTool: (...call) => this.#now.provider.callTool(...call),
  };

  get #now(): Life {
    if (this.life === undefined) throw new Error("Nobody lives yet");
    return this.life;
  }
}

async function damageOf(
  { program }: Schedule,
  report: RunReport,
  commits: ReadonlyMap<number, number>,
  log: ReturnType<typeof createMemoryExecutionLog>,
): Promise<Damage> {
  const made = program.flat();
  const told = (report.value as string[][]).flat();
  const logged = (await log.read(TENANT, report.runId))?.calls ?? [];
  let [duplicateWrites, lostAcknowledged, unreportedUnknown] = [0, 0, 0];
  for (const key of new Set(made.map((call) => call.key))) {
    const committed = commits.get(key) ?? 0;
    const own = made
      .map((call, index) => ({ ...call, told: told[index]! }))
      .filter((call) => call.kind === "write" && call.key === key);
    const acknowledged = own.filter((call) => call.told === `write ${key} done`).length;
    const doubtful = own.filter((call) => DOUBT.has(call.told)).length;
    const known = logged.filter(
      ({ args, effect, outcome }) =>
        effect === "write" &&
        args["key"] === key &&
        (outcome.state === "applied" || outcome.state === "unknown"),
    ).length;
    duplicateWrites += Math.max(0, committed - own.length);
    lostAcknowledged += Math.max(0, acknowledged - committed);
    unreportedUnknown += Math.max(0, committed - Math.min(acknowledged + doubtful, known));
  }
  return { duplicateWrites, lostAcknowledged, unreportedUnknown };
}

/** What a program is told of a write that may have happened. */
const DOUBT: ReadonlySet<string> = new Set(["outcome_unknown", "upstream_failed"]);

function programText(groups: readonly (readonly ScheduledCall[])[]): string {
  const lines = groups.map((group) => {
    const calls = group.map(({ kind, key }) => `world.${kind}({ key: ${key} })`).join(", ");
    return `told.push((await Promise.allSettled([${calls}])).map((r) => r.status === "fulfilled" ? r.value : r.reason.code));`;
  });
  return ["const told = [];", ...lines, "return told;"].join("\n");
}
