import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism, cpus, totalmem } from "node:os";
import { promisify } from "node:util";
import { measureInstances, type InstanceFigures, type InstanceLoad } from "./measure-instances.ts";
import { LANES, measureState, REPEATS, type StateFigures } from "./measure-state.ts";
import { STATE_CONTESTANTS } from "./state-contestants.ts";

/** Everything that `bench:state` measures. */
export interface StateReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly platform: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly repeats: number;
  /** Operations in flight for the throughput. */
  readonly inFlight: number;
  readonly backends: readonly StateFigures[];
  /** Clients that have a run each in flight at the instances. */
  readonly clients: number;
  readonly instances: readonly InstanceFigures[];
  /** The same with more clients, whose programs wait for a tool. */
  readonly waiting: InstanceLoad & { readonly instances: readonly InstanceFigures[] };
}

const COUNTING: InstanceLoad = { clients: 8, upstreamMs: 0 };
/** As many as three processes have guests for on two processors: eight each on a processor. */
const WAITING: InstanceLoad = { clients: 48, upstreamMs: 500 };

/** Measures each kind of state, one after another. */
export async function measureStates(say: (line: string) => void, signal: AbortSignal): Promise<StateReport> {
  const backends: StateFigures[] = [];
  for (const contestant of STATE_CONTESTANTS) {
    say(`measuring ${contestant.name} …`);
    backends.push(await measureState(contestant, signal));
  }
  say("measuring 1, 2 and 3 of serve --http …");
  const instances = await measureInstances(COUNTING, signal);
  say("measuring them with programs that wait …");
  const waiting = { ...WAITING, instances: await measureInstances(WAITING, signal) };
  return {
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      platform: `${process.platform}-${process.arch}`,
    },
    versions: await versions(),
    repeats: REPEATS,
    inFlight: LANES,
    backends,
    clients: COUNTING.clients,
    instances,
    waiting,
  };
}

async function versions(): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)("redis-server", ["--version"]);
  const ioredis = createRequire(import.meta.url)("ioredis/package.json") as { version: string };
  return {
    node: process.versions.node,
    sqlite: process.versions.sqlite ?? "unknown",
    redis: /v=([\d.]+)/.exec(stdout)?.[1] ?? "unknown",
    ioredis: ioredis.version,
  };
}
