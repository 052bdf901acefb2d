import { OptimizerError, type SourcePosition } from "@mcp-optimizer/contracts";

/** The error of a program that cannot be run: what is wrong, where, and that line of the source. */
export function programError(problem: string, source: string, position?: SourcePosition): OptimizerError {
  if (position === undefined) return new OptimizerError("program_invalid", { detail: problem });
  const sourceLine = sourceLineAt(source, position);
  const where = `line ${position.line}, column ${position.column}`;
  return new OptimizerError("program_invalid", {
    detail: `${problem} (${where}: ${sourceLine})`,
    data: { line: position.line, column: position.column, sourceLine },
  });
}

/** The line of the source at a position, trimmed, 120 characters at most. */
export function sourceLineAt(source: string, position: SourcePosition): string {
  const line = source.split("\n")[position.line - 1] ?? "";
  const from = line.length > 120 ? Math.max(0, position.column - 60) : 0;
  return line.slice(from, from + 120).trim();
}
