import { OptimizerError } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "./max-program-length.ts";
import type { PreparedProgram } from "./prepare-program.ts";
import { programError } from "./program-error.ts";
import { stripFences } from "./strip-fences.ts";

/**
 * Turns the text of a Python program into what a guest takes: markdown fences off, all else as it is. The guest's own Python parses it.
 * Throws OptimizerError `program_invalid`; nothing has run then.
 */
export function preparePython(text: string): PreparedProgram {
  if (text.length > MAX_PROGRAM_LENGTH) {
    const detail = `it has ${text.length} characters; at most ${MAX_PROGRAM_LENGTH} are allowed`;
    throw new OptimizerError("program_invalid", { detail });
  }
  const { text: source, linesBefore } = stripFences(text);
  if (source.trim() === "") throw programError("it is empty", text);
  return { source, positions: { edits: [], lines: linesBefore, userLines: text.split("\n").length } };
}
