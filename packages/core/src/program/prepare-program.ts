import { parse, type Program } from "acorn";
import { OptimizerError, type SourcePosition } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "./max-program-length.ts";
import { applyInsertions, editsOf, type PositionShift } from "./position-map.ts";
import { programError } from "./program-error.ts";
import { stripFences } from "./strip-fences.ts";
import { stripTypes, SyntaxFault } from "./strip-types.ts";
import { bodyOfOnlyFunction, tailReturn } from "./tail-return.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { traceProgram } from "../trace/trace-program.ts";

/** A program as a sandbox takes it; plain data. */
export interface PreparedProgram {
  /** An expression: an async function without parameters, in strict mode. */
  readonly source: string;
  readonly positions: PositionShift;
  /** What it does with tools, as far as its text shows; positions are the user's. Absent where nobody has read it: Python. */
  readonly trace?: ProgramTrace;
}

const OPEN = '(async () => {"use strict";\n';
const CLOSE = "\n})";
const NO_MODULES =
  "`import` and `export` do not work here: every server is a global object, such as `await git.git_log({})`";

/**
 * Turns the text of a program into one async function: markdown fences and types off, last expression returned.
 * Throws OptimizerError `program_invalid` with line and column in the user's own text; nothing has run then.
 */
export async function prepareProgram(text: string): Promise<PreparedProgram> {
  if (text.length > MAX_PROGRAM_LENGTH) {
    const detail = `it has ${text.length} characters; at most ${MAX_PROGRAM_LENGTH} are allowed`;
    throw new OptimizerError("program_invalid", { detail });
  }
  const { text: program, linesBefore } = stripFences(text);
  if (program.trim() === "") throw programError("it is empty", text);
  const shift = linesBefore - 1;
  const toUser = (position: SourcePosition | undefined): SourcePosition | undefined =>
    position && { line: Math.max(1, position.line + shift), column: position.column };
  const fail = (problem: string, position?: SourcePosition): never => {
    throw programError(/\b(import|export)\b/.test(problem) ? NO_MODULES : problem, text, toUser(position));
  };

  const typed = OPEN + program + CLOSE;
  let code: string;
  let ast: Program;
  try {
    const script = plainScript(typed);
    code = script === undefined ? await stripTypes(typed) : typed;
    ast = script ?? parseScript(code);
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault;
    return fail(fault.message, fault.position);
  }
  const body = bodyOfOnlyFunction(ast, code);
  if (body === undefined) return fail("it closes a brace that it did not open");
  const insertions = tailReturn(body, code);
  const returned = new Set(insertions.map(({ offset }) => offset));
  return {
    source: applyInsertions(code, insertions),
    positions: { edits: editsOf(code, insertions), lines: shift, userLines: text.split("\n").length },
    trace: traceProgram({ ast, code, typed, lineShift: shift, returned }),
  };
}

/**
 * A program without types, which need not be taken off: to start what does that takes longer than all else of a first program. With `<` in it, it may be
 * JavaScript and mean something else as TypeScript, such as `pick<Row>(rows)`. Half of a character would become another one on the way to a guest.
 */
function plainScript(code: string): Program | undefined {
  if (code.includes("<") || !code.isWellFormed()) return undefined;
  try {
    return parseScript(code);
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined;
    throw fault;
  }
}

function parseScript(code: string): Program {
  try {
    return parse(code, { ecmaVersion: 2025, sourceType: "script", ranges: true });
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    const { loc, message } = fault as SyntaxError & { loc?: { line: number; column: number } };
    throw new SyntaxFault(
      message.replace(/ \(\d+:\d+\)$/, ""),
      loc && { line: loc.line, column: loc.column + 1 },
    );
  }
}
