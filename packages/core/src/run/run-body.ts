import {
  OptimizerError,
  type GuestFailure,
  type GuestOutcome,
  type JsonValue,
  type Log,
  type ResultVault,
  type TokenCounter,
} from "@mcp-optimizer/contracts";
import { toUserPosition } from "../program/position-map.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { sourceLineAt } from "../program/program-error.ts";
import { shapeValue } from "../result/shape-value.ts";
import { keepResult } from "../vault/keep-result.ts";
import type { RunContext } from "./run-context.ts";
import type { RunError, RunReport } from "./run-report.ts";

/** What a program came to. */
export type RunBody = Omit<RunReport, "runId" | "durationMs" | "tokens" | "calls" | "shown">;

/** What is needed to show a value. */
export interface ValueParts {
  /** Tokens of a value that the model sees. */
  readonly resultTokens: number;
  readonly tokenCounter: TokenCounter;
  readonly vault: ResultVault;
  readonly log: Log;
}

const NOTHING: RunBody = { omitted: [], warnings: [], console: [], consoleOmittedBytes: 0 };
const NO_VALUE = "the program returned nothing; use `return`";

/** The value of a program, whole or cut to its budget; what was cut is kept under a handle. */
export async function valueBody(
  { resultTokens, tokenCounter, vault, log }: ValueParts,
  { value }: GuestOutcome,
  { tenant, sources }: RunContext,
  whole: boolean,
): Promise<Pick<RunReport, "value" | "omitted" | "handle">> {
  if (value === undefined) return { omitted: [] };
  if (whole) return { value, omitted: [] };
  const shaped = shapeValue(value, resultTokens, tokenCounter);
  if (shaped.omitted.length === 0) return shaped;
  const kept = await keepResult({ vault, log }, tenant, [...sources], value);
  if (kept !== undefined) return { ...shaped, handle: kept.handle };
  return { ...shaped, omitted: [...shaped.omitted, "the rest could not be kept"] };
}

/** What else a guest tells of a program. One that `showed` something need not return anything. */
export function outcomeBody(
  outcome: GuestOutcome,
  program: PreparedProgram,
  code: string,
  showed: boolean,
): Pick<RunReport, "error" | "warnings" | "console" | "consoleOmittedBytes"> {
  const { failure, value, console, consoleOmittedBytes, unhandled } = outcome;
  const warnings = unhandled.map((rejection) => {
    const { position, message } = runError(rejection, program, code);
    return `not awaited and failed${position ? ` (line ${position.line})` : ""}: ${message}`;
  });
  if (!failure && value === undefined && !showed) warnings.push(NO_VALUE);
  return {
    ...(failure && { error: runError(failure, program, code) }),
    warnings,
    console,
    consoleOmittedBytes,
  };
}

/** A program that could not run. What is no OptimizerError goes to the log and becomes `internal`. */
export function failedBody(error: unknown, log: Log): RunBody {
  if (!OptimizerError.is(error)) {
    log({ level: "error", message: "A run failed inside", cause: error });
    return failedBody(new OptimizerError("internal"), log);
  }
  const { line, column, sourceLine, findings, signatures } = error.data ?? {};
  const place = typeof line === "number" && typeof column === "number" ? { position: { line, column } } : {};
  const source = typeof sourceLine === "string" ? { sourceLine } : {};
  const found = { ...textsAt("findings", findings), ...textsAt("signatures", signatures) };
  return { ...NOTHING, error: { code: error.code, message: error.message, ...place, ...source, ...found } };
}

function runError(
  { code: errorCode, message, name, tool, position }: GuestFailure,
  program: PreparedProgram,
  code: string,
): RunError {
  const place = position && toUserPosition(program.positions, position);
  return {
    code: errorCode,
    message,
    ...(name !== undefined && { name }),
    ...(tool !== undefined && { tool }),
    ...(place && { position: place, sourceLine: sourceLineAt(code, place) }),
  };
}

const textsAt = (name: "findings" | "signatures", value: JsonValue | undefined): Partial<RunError> =>
  Array.isArray(value) ? { [name]: value.map(String) } : {};
