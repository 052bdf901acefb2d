import type { JsonObject, Language } from "@mcp-optimizer/contracts";
import type { PreparedProgram } from "./prepare-program.ts";

/** A program with its parameters in scope as `params`; positions in it stay the user's. */
export function withParameters(
  program: PreparedProgram,
  language: Language,
  params: JsonObject,
): PreparedProgram {
  // The literal of a JSON text means the same in both languages.
  const text = JSON.stringify(JSON.stringify(params));
  const { source, positions } = program;
  if (language === "python") {
    const assigned = `params = __import__("json").loads(${text})\n${source}`;
    return { ...program, source: assigned, positions: { ...positions, lines: positions.lines - 1 } };
  }
  // Outside of the function: a program may declare the name for itself.
  return { ...program, source: `((params)=>${source})(JSON.parse(${text}))` };
}
