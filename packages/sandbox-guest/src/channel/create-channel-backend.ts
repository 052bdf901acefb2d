import {
  DEFAULT_RUN_LIMITS,
  OptimizerError,
  type Clock,
  type Language,
  type LeaseRequest,
  type Log,
  type RunLimits,
  type SandboxBackend,
} from "@mcp-optimizer/contracts";
import { availableParallelism } from "node:os";
import type { GuestAgent, GuestLauncher } from "../guest-launcher.ts";
import { ChannelLease } from "./channel-lease.ts";
import { channelProbe } from "./channel-probe.ts";
import { GuestPool } from "./guest-pool.ts";
import { limitsToResources, serves, withHeapLimit } from "./limits-to-resources.ts";
import { openGuest, type OpenGuest } from "./open-guest.ts";
import { readGuestAgents } from "./read-guest-agents.ts";
import { systemClock } from "../system-clock.ts";
import { TenantGuests, type ReuseOptions } from "./tenant-guests.ts";
import { Turns } from "./turns.ts";

/** Guests that are kept ready, so that a run need not wait for a start. */
export interface ChannelPoolOptions {
  /** Guests for each language, from its first run on; JavaScript at once. Default 2; 0 keeps none. */
  readonly size?: number;
  /** A guest that waited longer is replaced, in milliseconds. Default 10 minutes. */
  readonly maxAgeMs?: number;
  /** Limits that these guests are made for: a run with others, or more CPU time, gets a guest of its own. Default: those of runs. */
  readonly limits?: Readonly<RunLimits>;
  /** A guest that waits is asked so often whether it is well, in milliseconds. Default 30 seconds. */
  readonly checkMs?: number;
  /** Guests that start at once; later ones wait for them. Default: twice the processors, at least 4. */
  readonly starts?: number;
}

/** What every sandbox over a launcher can be told. */
export interface ChannelSandboxOptions {
  readonly pool?: ChannelPoolOptions;
  /** For agents that serve more than one program. */
  readonly reuse?: ReuseOptions;
  /** Programs inside the guests, in the place of this package's own. */
  readonly agents?: Promise<Readonly<Partial<Record<Language, GuestAgent>>>>;
  /** Runs at once; later ones wait. Default 16. */
  readonly maxGuests?: number;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** What a sandbox over a launcher is made of. */
export interface ChannelBackendOptions extends ChannelSandboxOptions {
  /** `seccomp`, `docker`, … */
  readonly name: string;
  /** The backend disposes it. */
  readonly launcher: GuestLauncher;
}

/** With less, no guests are kept ready: those that run need it. */
const LEAST_FREE_MEMORY = 256 * 1024 * 1024;
const LANGUAGES: readonly Language[] = ["javascript", "python"];

/**
 * A sandbox over a launcher: every run in a guest of its own, ready ones where a pool keeps them. An agent that serves more than one
 * program does so for one tenant.
 */
export function createChannelBackend(options: ChannelBackendOptions): SandboxBackend {
  const { launcher, pool = {}, clock = systemClock, log = () => undefined } = options;
  const agents = Promise.all([readGuestAgents(), options.agents]).then(
    ([own, other]): Readonly<Partial<Record<Language, GuestAgent>>> => ({ ...own, ...other }),
  );
  agents.catch(() => undefined);
  const poolLimits = pool.limits ?? DEFAULT_RUN_LIMITS;
  const turns = new Turns(options.maxGuests ?? 16);
  const starts = new Turns(pool.starts ?? Math.max(4, 2 * availableParallelism()));
  const reuse = { runs: 1_000, cpuMs: 60_000, idleMs: 60_000, guests: 8, ...options.reuse };
  const tenants = new TenantGuests({ reuse, clock, log });
  const leases = new Set<ChannelLease>();
  const pools = new Map<Language, GuestPool>();
  let disposed: Promise<void> | undefined;

  const sweep = launcher.sweep().catch((cause: unknown) => {
    log({
      level: "warn",
      message: `${options.name}: what an earlier process left could not be swept.`,
      cause,
    });
  });

  const open = async (
    language: Language,
    limits: Readonly<RunLimits>,
    signal: AbortSignal,
  ): Promise<OpenGuest> => {
    const agent = (await agents)[language];
    if (agent === undefined) {
      throw new OptimizerError("sandbox_unavailable", { detail: `this sandbox does not run ${language}` });
    }
    const done = await starts.take(signal);
    try {
      return await openGuest({
        launcher,
        agent: withHeapLimit(agent, limits),
        resources: limitsToResources(limits, agent.reusable === true ? reuse.cpuMs : 0),
        clock,
        signal,
      });
    } finally {
      done();
    }
  };

  const poolOf = (language: Language): GuestPool => {
    let found = pools.get(language);
    if (found === undefined) {
      found = new GuestPool({
        size: pool.size ?? 2,
        maxAgeMs: pool.maxAgeMs ?? 600_000,
        checkMs: pool.checkMs ?? 30_000,
        memoryIsShort: () => process.availableMemory() < LEAST_FREE_MEMORY,
        open: (signal) => open(language, poolLimits, signal),
        clock,
        log,
      });
      pools.set(language, found);
    }
    return found;
  };
  if ((pool.size ?? 2) > 0) {
    poolOf("javascript").fill();
  }

  const disposeAll = async (): Promise<void> => {
    turns.close();
    await Promise.all([...leases].map((lease) => lease.shutDown()));
    await Promise.all([tenants.dispose(), ...[...pools.values()].map((one) => one.dispose())]);
    await sweep;
    await launcher.dispose();
  };

  return {
    name: options.name,
    probe: async () => channelProbe(await launcher.probe(), LANGUAGES),
    lease: async ({ tenant, limits, signal }: LeaseRequest) => {
      const giveBack = await turns.take(signal);
      if (disposed !== undefined) {
        giveBack();
        throw new OptimizerError("shutting_down");
      }
      const fits = serves(poolLimits, limits);
      const keyOf = (language: Language): string =>
        JSON.stringify([
          tenant,
          language,
          fits ? "pool" : [limitsToResources(limits, 0), limits.memoryBytes],
        ]);
      const lease = new ChannelLease({
        limits: { ...limits },
        take: async (language, stop) =>
          tenants.take(keyOf(language)) ??
          (await (fits ? poolOf(language).take(stop) : open(language, limits, stop))),
        give: (guest, language, clean) =>
          guest.reusable && clean ? tenants.give(keyOf(language), guest) : tenants.end(guest),
        clock,
        release: () => {
          leases.delete(lease);
          giveBack();
        },
      });
      leases.add(lease);
      return lease;
    },
    dispose: () => (disposed ??= disposeAll()),
  };
}
