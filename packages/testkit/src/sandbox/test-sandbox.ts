import type { RunLimits, SandboxBackend } from "@mcp-optimizer/contracts";
import { afterAll, beforeAll, describe, test } from "vitest";
import { chooseCases, type AgentCases } from "./agent-cases.ts";
import { CALL_CASES } from "./call-cases.ts";
import { FRESHNESS_CASES } from "./freshness-cases.ts";
import { LIFE_CASES } from "./life-cases.ts";
import { LIMIT_CASES } from "./limit-cases.ts";
import { caseContext, type SandboxCase, type SandboxCaseContext } from "./sandbox-guest-run.ts";
import { VALUE_CASES } from "./value-cases.ts";
import { WORLD_CASES } from "./world-cases.ts";
import { skipUnavailable } from "../skip-unavailable.ts";

// oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/valid-title, vitest/no-disabled-tests -- a suite is made of parts.

/** What the suite needs. */
export interface SandboxSuite {
  readonly name: string;
  /** Makes a backend. The suite disposes it. */
  readonly create: () => SandboxBackend | Promise<SandboxBackend>;
  /** Why the backend cannot be had here at all, such as a service that is not there. With REQUIRE_ALL_BACKENDS=1 that is a failure. */
  readonly unavailable?: string;
  /** Cases that do not hold, by name, each with its reason. One that holds all the same fails the run. */
  readonly skip?: Readonly<Record<string, string>>;
  /** How many times longer a case may take: for a backend whose guests start slowly. Default 1. */
  readonly patience?: number;
  /** How many times slower its programs compute than elsewhere: times that a case limits them to are as many times longer. Default 1. */
  readonly slowness?: number;
  /** How often cases that repeat themselves do so, as a share of the usual: less than 1 where guests are dear. Default 1. */
  readonly repeats?: number;
  /**
   * Which of the cases that the agent decides run: where a guest costs seconds, a sample of them, which the title names, does. A backend
   * with the same agents runs them all. Default `all`.
   */
  readonly agentCases?: AgentCases;
  /**
   * What programs that allocate without end may have: others where guests of each size are dear, and some are there. Default 32 MiB of
   * memory.
   */
  readonly bombLimits?: Partial<RunLimits>;
  /** Cases of this backend alone. */
  readonly extra?: readonly SandboxCase[];
}

const GROUPS: Readonly<Record<string, readonly SandboxCase[]>> = {
  values: VALUE_CASES,
  calls: CALL_CASES,
  world: WORLD_CASES,
  limits: LIMIT_CASES,
  life: LIFE_CASES,
  freshness: FRESHNESS_CASES,
};

/** Holds a backend to the SandboxBackend port. Call it at the top of a vitest file. */
export function testSandbox(suite: SandboxSuite): void {
  const title = `${suite.name} is a sandbox`;
  if (skipUnavailable(suite.name, title, suite.unavailable)) return;
  const groups = { ...GROUPS, ...(suite.extra === undefined ? {} : { extra: suite.extra }) };
  const all = Object.values(groups).flat();
  const { chosen, note } = chooseCases(all, suite.agentCases);
  describe(`${title}${note}`, () => {
    let backend: SandboxBackend;
    let context: SandboxCaseContext;
    const others: SandboxBackend[] = [];
    beforeAll(async () => {
      backend = await suite.create();
      context = caseContext(
        backend,
        async () => {
          const other = await suite.create();
          others.push(other);
          return other;
        },
        suite.slowness,
        suite.repeats,
        suite.bombLimits,
      );
    });
    afterAll(async () => {
      await Promise.all([backend, ...others].map((open) => open?.dispose()));
    });

    const names = new Set(all.map(({ name }) => name));
    for (const name of Object.keys(suite.skip ?? {})) {
      if (!names.has(name)) {
        throw new Error(`There is no case named "${name}" to skip.`);
      }
    }
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const one of cases.filter((each) => chosen.has(each))) {
          const { name } = one;
          const timeout = (one.timeout ?? 30_000) * (suite.patience ?? 1);
          const reason = suite.skip?.[name];
          const body = async (): Promise<void> => await one.run(context);
          if (reason === undefined) {
            test(name, { timeout }, body);
          } else {
            test.fails(`${name} (does not hold: ${reason})`, { timeout }, body);
          }
        }
      });
    }
  });
}
