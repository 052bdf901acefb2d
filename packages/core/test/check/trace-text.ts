import { parse } from "acorn";
import { stripTypes } from "../../src/program/strip-types.ts";
import { bodyOfOnlyFunction, tailReturn } from "../../src/program/tail-return.ts";
import type { ProgramTrace } from "../../src/trace/program-trace.ts";
import { traceProgram } from "../../src/trace/trace-program.ts";

/** The trace of a program's text. */
export async function traceText(text: string): Promise<ProgramTrace> {
  const typed = `(async () => {"use strict";\n${text}\n})`;
  const code = await stripTypes(typed);
  const ast = parse(code, { ecmaVersion: 2025, sourceType: "script", ranges: true });
  const returned = new Set(tailReturn(bodyOfOnlyFunction(ast, code)!, code).map(({ offset }) => offset));
  return traceProgram({ ast, code, typed, lineShift: -1, returned });
}
