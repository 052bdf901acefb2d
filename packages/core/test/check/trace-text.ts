import { prepareProgram } from "../../src/program/prepare-program.ts";
import type { ProgramTrace } from "../../src/trace/program-trace.ts";

/** The trace of a program's text. */
export async function traceText(text: string): Promise<ProgramTrace> {
  return (await prepareProgram(text)).trace!;
}
