import { OptimizerError, type JsonValue } from "@mcp-optimizer/contracts";
import * as z from "zod";

/** How a text is searched. */
export interface GrepOptions {
  /** Lines shown before and after each match. Default 0. */
  readonly context: number;
  /** Matches that are given. Default 100. */
  readonly limit: number;
  /** Default false. */
  readonly ignoreCase: boolean;
}

const Options: z.ZodType<GrepOptions> = z.strictObject({
  context: z.int().min(0).max(20).default(0),
  limit: z.int().min(1).max(10_000).default(100),
  ignoreCase: z.boolean().default(false),
});

/** Reads the options of `vault.grep`. Throws `invalid_params` that says what it takes. */
export function parseGrepOptions(given: JsonValue | undefined): GrepOptions {
  const { ignore_case: ignoreCase, ...rest } = Object(given ?? {}) as Record<string, JsonValue>;
  const parsed = Options.safeParse(ignoreCase === undefined ? rest : { ...rest, ignoreCase });
  if (parsed.success && typeof (given ?? {}) === "object" && !Array.isArray(given)) return parsed.data;
  throw new OptimizerError("invalid_params", {
    detail:
      "vault.grep takes (handle, pattern, { context?: 0 to 20 lines, limit?: 1 to 10000 matches, ignoreCase?: boolean })",
  });
}
