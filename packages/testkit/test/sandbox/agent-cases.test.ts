import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseCases, type CaseDecision } from "../../src/sandbox/agent-cases.ts";

const CASES: readonly (CaseDecision & { readonly name: string })[] = [
  { name: "a wall", decidedBy: "wall" },
  { name: "an agent", decidedBy: "agent" },
  { name: "an agent in the sample", decidedBy: "agent", sampled: true },
  { name: "another agent", decidedBy: "agent" },
];
const names = (chosen: ReadonlySet<(typeof CASES)[0]>): string[] => [...chosen].map(({ name }) => name);

beforeEach(() => vi.stubEnv("MCP_OPTIMIZER_ALL_CASES", undefined));
afterEach(() => vi.unstubAllEnvs());

test("every case runs unless a sample is asked for", () => {
  expect(chooseCases(CASES)).toEqual({ chosen: new Set(CASES), note: "" });
  expect(chooseCases(CASES, "all").chosen.size).toBe(CASES.length);
});

test("a sample has every case of the wall, leaves out cases of the agent only, and says so", () => {
  const { chosen, note } = chooseCases(CASES, "sample");
  expect(names(chosen)).toEqual(["a wall", "an agent in the sample"]);
  expect(note).toContain("1 of the 3 cases that the agent decides");
});

test("the environment can ask for all", () => {
  vi.stubEnv("MCP_OPTIMIZER_ALL_CASES", "1");
  expect(chooseCases(CASES, "sample")).toEqual({ chosen: new Set(CASES), note: "" });
});
