import { OptimizerError, type Language } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import {
  checkFence,
  hintAtPython,
  parseLanguage,
  programLanguage,
} from "../../src/program/program-language.ts";
import { toUserPosition } from "../../src/program/position-map.ts";
import { preparePython } from "../../src/program/prepare-python.ts";
import { programError } from "../../src/program/program-error.ts";

const BOTH: readonly Language[] = ["javascript", "python"];
const SCRIPT: readonly Language[] = ["javascript"];
const PYTHON = "```python\nprint(1)\n```";

test.each([
  ["py", "python"],
  ["Python3", "python"],
  ["TypeScript", "javascript"],
  ["js", "javascript"],
])("%s is %s", (word, language) => {
  expect(parseLanguage(word)).toBe(language);
});

test.each(["ruby", "", "constructor", "__proto__"])("%j is no language", (word) => {
  expect(() => parseLanguage(word)).toThrow(/there are typescript, javascript and python/);
});

test("the language is what is asked for, else what the fence says, else JavaScript", () => {
  expect(programLanguage("x = 1", "python", BOTH)).toBe("python");
  expect(programLanguage(PYTHON, undefined, BOTH)).toBe("python");
  expect(programLanguage("x = 1", undefined, BOTH)).toBe("javascript");
});

test("a sandbox without Python refuses it: asked for before anything runs, in a fence as the program's fault", () => {
  expect(() => programLanguage("x", "python", SCRIPT)).toThrow(/does not run Python.* seccomp, docker/);
  expect(() => checkFence(PYTHON, programLanguage(PYTHON, undefined, SCRIPT), SCRIPT)).toThrow(
    /marked as Python; this sandbox runs/,
  );
  expect(() => checkFence(PYTHON, "javascript", BOTH)).toThrow(/marked as Python, but asked to run as/);
  expect(() => checkFence(PYTHON, "python", BOTH)).not.toThrow();
});

test("Python that came without its language is told so, with the place of the fault kept", () => {
  const fault = programError("Expected ';'", "for x in y:", { line: 1, column: 5 });
  const hinted = hintAtPython(fault, "for x in y:\n  pass", BOTH) as OptimizerError;
  expect(hinted.message).toMatch(/^The program cannot be run: Expected .*pass language: "python"$/);
  expect(hinted.data).toEqual(fault.data);
  expect(hintAtPython(fault, "for x in y:\n  pass", SCRIPT)).toBe(fault);
  expect(hintAtPython(fault, "const a = ;", BOTH)).toBe(fault);
});

test("Python stays as it is, and places count in the text that was sent", () => {
  const { source, positions } = preparePython("\n```py\na = 1\nb = \n```\n");
  expect(source).toBe("a = 1\nb = ");
  expect(toUserPosition(positions, { line: 2, column: 5 })).toEqual({ line: 4, column: 5 });
  expect(toUserPosition(positions, { line: 9, column: 1 })).toBeUndefined();
});

test.each([
  ["nothing", " \n"],
  ["an empty fence", "```python\n\n```"],
  ["too much", "#".repeat(300_000)],
])("Python of %s is refused", (_, text) => {
  expect(() => preparePython(text)).toThrow(/^The program cannot be run: /);
});
