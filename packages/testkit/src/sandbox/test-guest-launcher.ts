import type { Language, GuestResources } from "@mcp-optimizer/contracts";
import type { GuestChannel, GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, test } from "vitest";
import { EVAL_AGENTS } from "./launcher/eval-agents.ts";
import { openEvalGuest } from "./launcher/eval-guest.ts";
import { chooseLauncherCases, type LauncherSample } from "./launcher/choose-launcher-cases.ts";
import type { LauncherCase, LauncherCaseContext } from "./launcher/launcher-case.ts";
import { LAUNCHER_LIFE_CASES } from "./launcher/life-cases.ts";
import { LAUNCHER_LIMIT_CASES } from "./launcher/limit-cases.ts";
import { LAUNCHER_REACH_CASES } from "./launcher/reach-cases.ts";
import { skipUnavailable } from "../skip-unavailable.ts";

// oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/valid-title, vitest/no-disabled-tests -- a suite is made of parts.

/** What the suite needs. */
export interface GuestLauncherSuite extends LauncherSample {
  readonly name: string;
  /** Makes a launcher. The suite disposes it. */
  readonly create: () => GuestLauncher | Promise<GuestLauncher>;
  /** Why the launcher cannot be had here at all. With REQUIRE_ALL_BACKENDS=1 that is a failure. */
  readonly unavailable?: string | undefined;
  /** Languages to test. Default both. */
  readonly languages?: readonly Language[];
  /**
   * Cases that do not hold, each with its reason, by name, or by name and language as in `… (python)`. One that holds all the same
   * fails the run.
   */
  readonly skip?: Readonly<Record<string, string>>;
  /** What guests get unless a case says otherwise. Default: 10 s CPU, 256 MiB memory, 32 MiB disk, 50 processes, 100 file handles. */
  readonly resources?: Partial<GuestResources>;
  /** CPU time that a guest of this launcher starts in and soon spends, for cases that reach the limit. Default 1,500. */
  readonly shortCpuMs?: number;
  /**
   * What guests of this test left on the host: processes, cgroups, mounts, folders, containers. `owners`: process ids of the owners
   * that the case has started. Default: nothing is looked for.
   */
  readonly remains?: (owners: readonly number[]) => Promise<readonly string[]>;
  /** Command that holds one guest of an own launcher until it is killed, and prints a line when the guest runs. */
  readonly owner?: readonly string[];
  /** How many times longer a case may take than elsewhere. Default 1. */
  readonly slowness?: number;
  /** Cases of this launcher alone. */
  readonly extra?: readonly LauncherCase[];
}

const MIB = 1024 * 1024;
const RESOURCES: GuestResources = {
  cpuMs: 10_000,
  memoryBytes: 256 * MIB,
  diskBytes: 32 * MIB,
  processes: 50,
  fileHandles: 100,
};

/** Holds a launcher to the GuestLauncher contract, by hostile guests and by what is left of them on the host. */
export function testGuestLauncher(suite: GuestLauncherSuite): void {
  const title = `${suite.name} is a guest launcher`;
  if (skipUnavailable(suite.name, title, suite.unavailable)) return;
  const cases = [
    ...LAUNCHER_LIFE_CASES,
    ...LAUNCHER_LIMIT_CASES,
    ...LAUNCHER_REACH_CASES,
    ...(suite.extra ?? []),
  ];
  const skip = { ...suite.skip };
  describe(title, () => {
    let launcher: GuestLauncher;
    beforeAll(async () => {
      launcher = await suite.create();
    });
    afterAll(async () => {
      await launcher?.dispose();
    });
    for (const language of suite.languages ?? (["javascript", "python"] as const)) {
      const { chosen, note } = chooseLauncherCases(cases, language, suite);
      describe(`${language}${note}`, () => {
        for (const one of chosen) {
          const key = `${one.name} (${language})`;
          const reason = skip[key] ?? skip[one.name];
          const body = (): Promise<void> => runCase(suite, launcher, language, one);
          const options = { timeout: (one.timeout ?? 30_000) * (suite.slowness ?? 1) };
          if (reason === undefined) test(one.name, options, body);
          else test.fails(`${one.name} (not so here: ${reason})`, options, body);
        }
      });
    }
  });
  const names = new Set(cases.flatMap(({ name }) => [name, `${name} (javascript)`, `${name} (python)`]));
  for (const name of Object.keys(skip)) {
    if (!names.has(name)) throw new Error(`There is no case named "${name}" to skip.`);
  }
}

async function runCase(
  suite: GuestLauncherSuite,
  launcher: GuestLauncher,
  language: Language,
  one: LauncherCase,
): Promise<void> {
  const resources = { ...RESOURCES, ...suite.resources };
  const channels: GuestChannel[] = [];
  const launchers: GuestLauncher[] = [];
  const owners: number[] = [];
  const { owner } = suite;
  const context: LauncherCaseContext = {
    launcher,
    language,
    resources,
    shortCpuMs: suite.shortCpuMs ?? 1_500,
    open: async (change = {}) => {
      const channel = await launcher.launch(EVAL_AGENTS[language], { ...resources, ...change });
      channels.push(channel);
      return openEvalGuest(channel);
    },
    createLauncher: async () => {
      const further = await suite.create();
      launchers.push(further);
      return further;
    },
    remains: async () => (await suite.remains?.(owners)) ?? [],
    startOwner:
      owner === undefined
        ? undefined
        : async () => {
            const started = await startOwner(owner);
            owners.push(started.pid);
            return started;
          },
  };
  try {
    await one.run(context);
  } finally {
    await Promise.all(channels.map((channel) => channel.kill()));
    await Promise.all(launchers.map((further) => further.dispose()));
  }
}

async function startOwner([command, ...args]: readonly string[]): Promise<{
  pid: number;
  kill(): Promise<void>;
}> {
  const child = spawn(command!, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const first = await Promise.race([once(child.stdout, "data"), exited.then(() => undefined)]);
  if (first === undefined) throw new Error("The owner's process ended before its guest ran.");
  return {
    pid: child.pid!,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
