import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseLauncherCases } from "../../src/sandbox/launcher/choose-launcher-cases.ts";
import type { LauncherCase } from "../../src/sandbox/launcher/launcher-case.ts";

const run = (): Promise<void> => Promise.resolve();
const CASES: readonly LauncherCase[] = [
  { name: "ends", run },
  { name: "memory", sampled: true, run },
  { name: "files", asksWalls: true, run },
  { name: "only in JavaScript", languages: ["javascript"], run },
];
const names = ({ chosen }: { readonly chosen: readonly LauncherCase[] }): string[] =>
  chosen.map(({ name }) => name);

beforeEach(() => vi.stubEnv("MCP_OPTIMIZER_ALL_CASES", undefined));
afterEach(() => vi.unstubAllEnvs());

test("every case of a language is asked unless a sample is asked for", () => {
  expect(chooseLauncherCases(CASES, "javascript", {})).toEqual({ chosen: CASES, note: "" });
  expect(names(chooseLauncherCases(CASES, "python", {}))).toEqual(["ends", "memory", "files"]);
});

test("a sample is of the language that is named, and says so", () => {
  const options = { sampledLanguages: ["python"] } as const;
  expect(chooseLauncherCases(CASES, "javascript", options).chosen).toEqual(CASES);
  const python = chooseLauncherCases(CASES, "python", options);
  expect(names(python)).toEqual(["memory"]);
  expect(python.note).toContain("a sample: 1 of 3 cases");
});

test("walls that another launcher has are asked of that one, and the title names it", () => {
  const one = chooseLauncherCases(CASES, "javascript", { wallsOf: "seccomp" });
  expect(names(one)).toEqual(["ends", "memory", "only in JavaScript"]);
  expect(one.note).toContain("the walls are those of seccomp: 3 of 4 cases");
});

test("the environment can ask for all", () => {
  vi.stubEnv("MCP_OPTIMIZER_ALL_CASES", "1");
  const options = { sampledLanguages: ["javascript"], wallsOf: "seccomp" } as const;
  expect(chooseLauncherCases(CASES, "javascript", options)).toEqual({ chosen: CASES, note: "" });
});
