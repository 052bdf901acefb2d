import { OptimizerError, type TokenCounter } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "../program/max-program-length.ts";
import type { RunRequest } from "./run-report.ts";

/** What the tokens of a program are held to. */
export interface TokenBound {
  readonly tokenCounter: TokenCounter;
  /** Tokens that a program and its parameters may have. Default: any number. */
  readonly maxProgramTokens?: number | undefined;
}

/** Throws `token_limit` for a program that has more tokens than a request may. */
export function requireTokens(
  { tokenCounter, maxProgramTokens }: TokenBound,
  { code, params }: Pick<RunRequest, "code" | "params">,
): void {
  // Counting a longer one would take longer than refusing it.
  if (maxProgramTokens === undefined || code.length > MAX_PROGRAM_LENGTH) return;
  const tokens = tokenCounter.count(params === undefined ? code : `${code}\n${JSON.stringify(params)}`);
  if (tokens <= maxProgramTokens) return;
  throw new OptimizerError("token_limit", {
    detail: `the program has ${tokens} tokens, and a request may have ${maxProgramTokens} (maxTokensPerRequest)`,
  });
}
