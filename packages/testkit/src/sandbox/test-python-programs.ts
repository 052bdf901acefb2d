import type { RunLimits, SandboxBackend } from "@mcp-optimizer/contracts";
import { afterAll, beforeAll, describe, test } from "vitest";
import { chooseCases, type AgentCases } from "./agent-cases.ts";
import { pythonContext, type PythonCase, type PythonCaseContext } from "./python/python-case.ts";
import { PYTHON_CASES } from "./python/python-cases.ts";
import { skipUnavailable } from "../skip-unavailable.ts";

// oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/valid-title, vitest/no-disabled-tests -- a suite is made of parts.

/** What the suite needs. */
export interface PythonSuite {
  readonly name: string;
  /** Makes a backend. The suite disposes it. */
  readonly create: () => SandboxBackend | Promise<SandboxBackend>;
  /** Why the backend cannot be had here at all. With REQUIRE_ALL_BACKENDS=1 that is a failure. */
  readonly unavailable?: string | undefined;
  /** Cases that do not hold, by name, each with its reason. One that holds all the same fails the run. */
  readonly skip?: Readonly<Record<string, string>>;
  /** How many times longer a case may take than elsewhere. Default 1. */
  readonly slowness?: number;
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
  readonly extra?: readonly PythonCase[];
}

/** Holds a backend that runs Python to what programs in Python may count on. Call it at the top of a vitest file. */
export function testPythonPrograms(suite: PythonSuite): void {
  const title = `${suite.name} runs programs in Python`;
  if (skipUnavailable(suite.name, title, suite.unavailable)) return;
  const cases = [...PYTHON_CASES, ...(suite.extra ?? [])];
  for (const name of Object.keys(suite.skip ?? {})) {
    if (!cases.some((one) => one.name === name)) {
      throw new Error(`There is no case named "${name}" to skip.`);
    }
  }
  const { chosen, note } = chooseCases(cases, suite.agentCases);
  describe(`${title}${note}`, () => {
    let backend: SandboxBackend | undefined;
    let context: PythonCaseContext;
    beforeAll(async () => {
      backend = await suite.create();
      context = pythonContext(backend, suite.bombLimits);
    });
    afterAll(async () => {
      await backend?.dispose();
    });
    for (const one of chosen) {
      const options = { timeout: (one.timeout ?? 30_000) * (suite.slowness ?? 1) };
      const reason = suite.skip?.[one.name];
      const body = async (): Promise<void> => await one.run(context);
      if (reason === undefined) {
        test(one.name, options, body);
      } else {
        test.fails(`${one.name} (does not hold: ${reason})`, options, body);
      }
    }
  });
}
