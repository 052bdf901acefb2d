import { OptimizerError } from "@mcp-optimizer/contracts";
import type { ParsedKind } from "./text-format.ts";

/** An `invalid_params` error of a text that is not what it was taken for; `line` counts from 1. The text itself stays with the caller. */
export function formatError(
  kind: ParsedKind,
  problem: string,
  line?: number,
  cause?: unknown,
): OptimizerError {
  const place = line === undefined ? "" : ` line ${line}:`;
  return new OptimizerError("invalid_params", {
    detail: `as ${kind},${place} ${problem}`,
    data: { kind, ...(line !== undefined && { line }) },
    cause,
  });
}

/** The line of a position in a text, from 1. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
