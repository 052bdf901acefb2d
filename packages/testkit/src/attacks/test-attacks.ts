import type { Language, RunLimits, SandboxBackend } from "@mcp-optimizer/contracts";
import { beforeAll, describe, expect, test } from "vitest";
import { ATTACK_LIMITS } from "./attack-limits.ts";
import { ATTACKS } from "./attack-list.ts";
import type { LoopLateness } from "./host/loop-watch.ts";
import type { AttackReport } from "./run/attack-report.ts";
import { confirmEnds } from "./run/confirm-ends.ts";
import { confirmLateness } from "./run/confirm-lateness.ts";
import { runAttacks } from "./run/run-attacks.ts";
import { skipUnavailable } from "../skip-unavailable.ts";

// oxlint-disable vitest/valid-title, vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/require-top-level-describe -- a suite is made of parts.

/** What the host's event loop may be late, in milliseconds. */
const LATEST_MS = 50;

/** What the suite needs. */
export interface AttackSuite {
  readonly name: string;
  /** Makes a backend; a pool for these limits makes the suite fast. The suite disposes it. */
  readonly create: (limits: Readonly<RunLimits>) => SandboxBackend | Promise<SandboxBackend>;
  /** Why the backend cannot be had here. With REQUIRE_ALL_BACKENDS=1 that is a failure. */
  readonly unavailable?: string;
  /** Default: those that the backend can run. */
  readonly languages?: readonly Language[];
  /** Attacks that the backend does not stop, as `id language`, exactly. Default none. */
  readonly expectedEscapes?: readonly string[];
  /** Attacks that it stops on some machines only. Default none. */
  readonly possibleEscapes?: readonly string[];
  /** How many times longer a run may take. Default 1. */
  readonly patience?: number;
  /** Runs each attack in one of its languages, in turn, instead of in all. Default false. */
  readonly alternate?: boolean;
  /** Runs one attack in so many: for guests that are slow throughout. Default 1. */
  readonly sample?: number;
  /** How many times more CPU time a run may take, for a processor that is emulated. Default 1. */
  readonly slowness?: number;
  /** Attacks at once. Default 6. */
  readonly concurrency?: number;
  /** Looks for what the guests left on the machine, once the backend is disposed. */
  readonly remains?: () => Promise<readonly string[]>;
}

/** Holds a backend to the attack suite: nothing of the host is reached, every run ends as it has to, and the event loop stays free. */
export function testAttacks(suite: AttackSuite): void {
  const { languages, patience, concurrency, alternate = false, sample = 1, slowness = 1 } = suite;
  const title = `${suite.name} under attack${alternate ? " (each attack in one of its languages)" : ""}`;
  if (skipUnavailable(suite.name, title, suite.unavailable)) return;
  const pinned = new Set(suite.expectedEscapes);
  const possible = new Set(suite.possibleEscapes);
  describe(title, () => {
    let report: AttackReport;
    let loop: LoopLateness;
    let remains: readonly string[] = [];
    beforeAll(
      async () => {
        const backend = await suite.create({ ...ATTACK_LIMITS, cpuMs: ATTACK_LIMITS.cpuMs * slowness });
        try {
          const options = {
            backend,
            slowness,
            ...(languages !== undefined && { languages }),
            ...(patience !== undefined && { patience }),
            ...(concurrency !== undefined && { concurrency }),
          };
          report = await runAttacks({ ...options, alternate, sample });
          report = await confirmEnds(report, async (late, language) => {
            const attacks = ATTACKS.filter(({ id }) => late.includes(id));
            return await runAttacks({ ...options, attacks, languages: [language], concurrency: 1 });
          });
          loop = await confirmLateness(report.loop, LATEST_MS, async (during) => {
            const attacks = ATTACKS.filter(({ id }) => during.includes(id));
            return (await runAttacks({ ...options, attacks })).loop;
          });
        } finally {
          await backend.dispose();
        }
        remains = (await suite.remains?.()) ?? [];
      },
      300_000 * (patience ?? 1),
    );

    test("reaches nothing but what is expected", () => {
      const escapes = report.attacks.filter(({ escaped }) => escaped);
      const escaped = new Set(escapes.map(({ id, language }) => `${id} ${language}`));
      const unexpected = new Set([...escaped].filter((name) => !pinned.has(name) && !possible.has(name)));
      const notes = escapes
        .filter(({ id, language }) => unexpected.has(`${id} ${language}`))
        .map(({ id, language, note }) => `${id} ${language}: ${note}`);
      expect(notes).toEqual([]);
      const ran = new Set(report.attacks.map(({ id, language }) => `${id} ${language}`));
      const known = new Set(ATTACKS.flatMap(({ id }) => [`${id} javascript`, `${id} python`]));
      const missing = [...pinned].filter((name) => !escaped.has(name) && (ran.has(name) || !known.has(name)));
      expect(missing).toEqual([]);
      if (suite.expectedEscapes === undefined) expect(report.unattributed).toEqual([]);
    });

    test("ends every run as it has to", () => {
      const wrong = report.attacks.filter(({ held, escaped }) => !held && !escaped);
      expect(wrong.map(({ id, language, note }) => `${id} ${language}: ${note}`)).toEqual([]);
      expect(report.attacks.length).toBeGreaterThan(Math.floor(90 / sample));
    });

    test(`keeps the event loop of the host free`, () => {
      const { lateMs, during } = loop;
      expect(lateMs <= LATEST_MS ? [] : [`${Math.round(lateMs)} ms`, ...during]).toEqual([]);
    });

    test("leaves nothing", () => {
      expect(remains).toEqual([]);
    });
  });
}
