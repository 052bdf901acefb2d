import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import * as z from "zod";
import { parseLanguage } from "../program/program-language.ts";
import type { RunRequest } from "../run/run-report.ts";

/** What `run_code` is asked for: a program, or to wait for a run. */
export type RunArguments =
  | { readonly program: Pick<RunRequest, "code" | "language" | "params" | "sessionId"> }
  | { readonly waitFor: string };

interface Given {
  readonly code?: string | undefined;
  readonly language?: string | undefined;
  readonly params?: JsonObject | undefined;
  readonly session?: string | undefined;
  readonly run?: string | undefined;
}

const Arguments: z.ZodType<Given> = z.strictObject({
  code: z.string().optional(),
  language: z.string().optional(),
  params: z.record(z.string(), z.json()).optional(),
  session: z.string().min(1).max(256).optional(),
  run: z.string().min(1).max(200).optional(),
});

/** Reads the arguments of `run_code`. Throws `invalid_params` that says what it takes. */
export function parseRunArguments(args: JsonObject): RunArguments {
  const parsed = Arguments.safeParse(args);
  if (!parsed.success) throw wrong(z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, " "));
  const { code, language, params, session, run } = parsed.data;
  if (run !== undefined) {
    const more = Object.keys(args).filter((name) => name !== "run");
    if (more.length === 0) return { waitFor: run };
    throw wrong(`run waits for a program that was sent before; leave out ${more.join(", ")}`);
  }
  if (code === undefined) throw wrong("code is missing");
  return {
    program: {
      code,
      ...(language !== undefined && { language: parseLanguage(language) }),
      ...(params !== undefined && { params }),
      ...(session !== undefined && { sessionId: session }),
    },
  };
}

const wrong = (problem: string): OptimizerError =>
  new OptimizerError("invalid_params", {
    detail: `run_code takes { code: string, params?: object, session?: id that an earlier answer names }, or { run: id of a run } alone. ${problem}`,
  });
