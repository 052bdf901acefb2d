import { describe, expect, test } from "vitest";
import { checkProgram } from "../../src/check/check-program.ts";
import type { Finding } from "../../src/check/finding.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { GLOBALS } from "./guest-globals.ts";
import { plantedFaults } from "./oracle/planted-faults.ts";
import { serverTypes } from "./oracle/server-types.ts";
import { typeCheck } from "./oracle/type-check.ts";
import { RIGHT_PROGRAMS } from "./right-programs.ts";
import { TASK_PROGRAMS } from "./task-programs.ts";
import { traceText } from "./trace-text.ts";
import { WRONG_PROGRAMS } from "./wrong-programs.ts";

/** Right programs that the compiler refuses, each with the reason why it is right all the same. */
const COMPILER_ERRS: Readonly<Record<string, string>> = {
  "T09 commits per author and month": "an object may grow after it was made empty",
  "T17 two databases compared": "what comes out of a Map of untyped rows is not unknown to JavaScript",
  "arguments built step by step": "an object may grow after it was made empty",
  "an own property on a result": "a result is an object of the program's own",
  "a value with a default": "a default says that the property may be missing",
  "a property that may be missing": "the program goes on when it is",
  "a promise with a note": "a promise is an object of the program's own",
  "elements that grow": "what an element lacks is put in before it is sent",
};

/** What only we are certain of, by what we say, with the reason why the compiler is silent. */
const COMPILER_IS_SILENT: readonly (readonly [says: RegExp, why: string])[] = [
  [/`process` is not defined/, "the declarations name it, since `typeof process` is no fault"],
  [/`git.git_loog`/, "a cast to any hides the name; the server is still the one that it is"],
  [/gives a promise/, "a promise may be made a text, iterated when it is one of `any`, or be compared"],
];

interface Judged {
  readonly code: string;
  readonly kind: string;
  readonly compiler: readonly string[];
  readonly findings: readonly Finding[];
}

describe.skipIf(!hasCorpus)(
  "a type checker's opinion (skipped without ../shared/corpus)",
  async () => {
    const judged = hasCorpus ? await judgeAll() : [];
    const wrong = judged.filter(({ kind }) => !kind.startsWith("right: "));

    test("agrees that the right programs are right", () => {
      const right = judged.filter(({ kind }) => kind.startsWith("right: "));
      expect(right.length).toBeGreaterThan(35);
      expect(right.filter(({ findings }) => findings.length > 0)).toEqual([]);
      const refused = right.filter(({ compiler }) => compiler.length > 0);
      expect(refused.map(({ kind }) => kind.slice("right: ".length))).toEqual(Object.keys(COMPILER_ERRS));
    });

    test("agrees with all that is said to be certain", () => {
      const alone = wrong
        .filter(({ compiler }) => compiler.length === 0)
        .flatMap(({ code, findings }) =>
          findings.filter(({ weight }) => weight === "certain").map(({ message }) => ({ code, message })),
        );
      const unexplained = alone.filter(
        ({ message }) => !COMPILER_IS_SILENT.some(([says]) => says.test(message)),
      );
      expect(unexplained).toEqual([]);
      for (const [says] of COMPILER_IS_SILENT)
        expect(alone.some(({ message }) => says.test(message))).toBe(true);
    });

    test("finds hardly more: at least 90 % of its faults are found before anything runs", ({ annotate }) => {
      const faults = wrong.filter(({ compiler }) => compiler.length > 0);
      const missed = faults.filter(({ findings }) => findings.length === 0);
      const share = 1 - missed.length / faults.length;
      const byHand = faults.filter(({ kind }) => kind === "by hand");
      expect(byHand.length).toBeGreaterThanOrEqual(60);
      expect(byHand.filter(({ findings }) => findings.length === 0)).toEqual([]);
      expect(faults.length).toBeGreaterThanOrEqual(400);
      expect(share, missed.map(({ code }) => code).join("\n---\n")).toBeGreaterThanOrEqual(0.99);
      return annotate(`${faults.length - missed.length} of ${faults.length} faults found`);
    });
  },
  120_000,
);

/** Every program that we have, right, wrong by hand and with a fault planted, with what both say of it. */
async function judgeAll(): Promise<Judged[]> {
  const catalogue = readCorpus();
  const right = Object.entries({ ...TASK_PROGRAMS, ...RIGHT_PROGRAMS });
  const clean = right.filter(([name]) => !(name in COMPILER_ERRS));
  const planted = await Promise.all(clean.map(([, code]) => plantedFaults(code, catalogue)));
  const programs = [
    ...right.map(([name, code]) => ({ kind: `right: ${name}`, code })),
    ...WRONG_PROGRAMS.map(({ code }) => ({ kind: "by hand", code })),
    ...planted.flat(),
  ];
  const mentioned = catalogue.servers
    .map(({ namespace }) => namespace)
    .filter((name) => programs.some(({ code }) => code.includes(name)));
  const compiler = await typeCheck(
    serverTypes(catalogue, mentioned),
    programs.map(({ code }) => code),
  );
  return await Promise.all(
    programs.map(async ({ kind, code }, index) => {
      const findings = checkProgram(await traceText(code), { catalogue, globals: GLOBALS });
      return { kind, code, compiler: compiler[index]!, findings };
    }),
  );
}
