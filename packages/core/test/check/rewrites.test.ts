import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { checkProgram } from "../../src/check/check-program.ts";
import { programTools } from "../../src/check/tools-of.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { GLOBALS } from "./guest-globals.ts";
import { plantedFaults } from "./oracle/planted-faults.ts";
import { CALL_REWRITES, PROGRAM_REWRITES, rewritten, type Rewritten } from "./oracle/rewrites.ts";
import { RIGHT_PROGRAMS } from "./right-programs.ts";
import { TASK_PROGRAMS } from "./task-programs.ts";
import { traceText } from "./trace-text.ts";

const PROGRAMS = Object.values({ ...TASK_PROGRAMS, ...RIGHT_PROGRAMS });

/** Programs that are tried with one rewrite. */
const MOST_OF_ONE = 12;

describe.skipIf(!hasCorpus)("programs written otherwise (skipped without ../shared/corpus)", () => {
  const catalogue = hasCorpus ? readCorpus() : undefined!;
  const judge = async (code: string) => {
    const trace = await traceText(code);
    const paths = new Set(programTools(trace, catalogue).tools.map(({ path }) => path));
    return { findings: checkProgram(trace, { catalogue, globals: GLOBALS }), paths };
  };

  let all: (Rewritten & { readonly needs: ReadonlySet<string> })[] = [];
  beforeAll(async () => {
    const made = PROGRAMS.map(async (program) => {
      const needs = (await judge(program)).paths;
      return (await rewritten(program, catalogue)).map((one) => ({ ...one, needs }));
    });
    all = (await Promise.all(made)).flat();
  });

  test.each(Object.keys(CALL_REWRITES))("%s: no false alarm, and every tool is foreseen", async (rewrite) => {
    const own = all.filter((one) => one.rewrite === rewrite);
    expect(own.length).toBeGreaterThan(0);
    const step = Math.ceil(own.length / MOST_OF_ONE);
    for (const { code, needs } of own.filter((_one, index) => index % step === 0)) {
      const { findings, paths } = await judge(code);
      expect(findings, code).toEqual([]);
      const unforeseen = [...needs].filter((path) => !paths.has(path));
      expect(unforeseen, code).toEqual([]);
    }
  });

  test("several at once, and around it: no false alarm, and every tool is foreseen", async () => {
    const program = fc.constantFrom(...PROGRAMS);
    const wrap = fc.constantFrom((text: string) => text, ...Object.values(PROGRAM_REWRITES));
    await fc.assert(
      fc.asyncProperty(program, fc.array(fc.nat(), { maxLength: 3 }), wrap, async (text, choices, whole) => {
        const needs = (await judge(text)).paths;
        let code = text;
        for (const [round, choice] of choices.entries()) {
          const ways = await rewritten(code, catalogue, `own${round}_`);
          if (ways.length > 0) code = ways[choice % ways.length]!.code;
        }
        const made = whole(code);
        const { findings, paths } = await judge(made);
        const certain = findings.filter(({ weight }) => weight === "certain");
        const unforeseen = [...needs].filter((path) => !paths.has(path));
        expect({ certain, unforeseen }, made).toEqual({ certain: [], unforeseen: [] });
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  test("a planted fault is found at its line, however it is called", async () => {
    const named = fc.stringMatching(/^[a-z]{5,9}$/).map((word) => `${word}q`);
    let found = 0;
    let missed = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PROGRAMS), named, fc.nat(), async (text, word, choice) => {
        const faults = (await plantedFaults(text, catalogue, word)).filter(({ kind }) => kind !== "no await");
        if (faults.length === 0) return;
        const { code, kind, line } = faults[choice % faults.length]!;
        const [first] = (await judge(code)).findings;
        expect(first, `${kind}\n${code}`).toBeDefined();
        expect(first!.weight).toBe("certain");
        expect(first!.position.line, code).toBe(line);
      }),
      { numRuns: 150 },
    );
    for (const text of PROGRAMS) {
      const faults = await plantedFaults(text, catalogue);
      for (const { code, kind } of faults) {
        if (kind !== "no await") continue;
        if ((await judge(code)).findings.length > 0) found += 1;
        else missed += 1;
      }
    }
    // Where a promise is returned, or put into an object that a callback gives, it is no fault or not to be seen.
    expect(found).toBeGreaterThan(40);
    expect(missed).toBeLessThan(10);
  }, 60_000);
});
