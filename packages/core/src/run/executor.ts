import {
  OptimizerError,
  type Clock,
  type GuestFailure,
  type GuestNamespace,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type Language,
  type Log,
  type ResultVault,
  type RunLimits,
  type SandboxBackend,
  type TokenCounter,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { toUserPosition } from "../program/position-map.ts";
import { sourceLineAt } from "../program/program-error.ts";
import { checkFence, hintAtPython, programLanguage } from "../program/program-language.ts";
import { shapeValue } from "../result/shape-value.ts";
import { loweredLimits } from "./merge-limits.ts";
import { renderRunReport, runTokens } from "./render-run-report.ts";
import { createRunContext, type RunContext } from "./run-context.ts";
import type { RunError, RunReport, RunRequest } from "./run-report.ts";

/** What an executor works with. */
export interface ExecutorParts {
  readonly prepare: (text: string, language: Language) => Promise<PreparedProgram>;
  /** What the sandbox runs. */
  readonly languages: readonly Language[];
  readonly sandbox: SandboxBackend;
  readonly bindings: (context: RunContext) => HostBindings;
  readonly catalogue: () => Catalogue;
  readonly vault: ResultVault;
  readonly limits: RunLimits;
  /** Tokens of a value that the model sees. */
  readonly resultTokens: number;
  readonly maxRuns: number;
  readonly tokenCounter: TokenCounter;
  readonly clock: Clock;
  readonly log: Log;
  readonly randomId: () => string;
}

/** A run with the text that the model reads of it. */
export interface ExecutedRun {
  readonly report: RunReport;
  readonly answer: string;
}

/** Runs programs. */
export interface Executor {
  /** Resolves with a report whatever the program did. Rejects with OptimizerError before it began: `invalid_params`, `concurrency_limit`. */
  run(request: RunRequest): Promise<ExecutedRun>;
}

type Body = Omit<RunReport, "runId" | "durationMs" | "tokens" | "calls">;

const NOTHING: Body = { omitted: [], warnings: [], console: [], consoleOmittedBytes: 0 };
const NO_VALUE = "the program returned nothing; use `return`";

/** Makes an {@link Executor}. */
export function createExecutor(parts: ExecutorParts): Executor {
  let running = 0;
  return {
    async run(request) {
      const limits = loweredLimits(parts.limits, request.limits);
      const language = programLanguage(request.code, request.language, parts.languages);
      if (running >= parts.maxRuns) {
        throw new OptimizerError("concurrency_limit", {
          detail: `${running} runs are under way; try again when one has ended`,
        });
      }
      running += 1;
      const started = parts.clock.elapsed();
      const context = createRunContext(request.tenant ?? "local", language, request.onProgress);
      try {
        const body = await execute(parts, request, limits, context).catch((error: unknown) =>
          failedBody(error, parts.log),
        );
        const durationMs = Math.round((parts.clock.elapsed() - started) * 10) / 10;
        const report = { runId: `r_${parts.randomId()}`, ...body, calls: context.calls, durationMs };
        const answer = renderRunReport(report);
        return { answer, report: { ...report, tokens: runTokens(parts.tokenCounter, request.code, answer) } };
      } finally {
        running -= 1;
      }
    },
  };
}

async function execute(
  parts: ExecutorParts,
  { code, signal, seed }: RunRequest,
  limits: RunLimits,
  context: RunContext,
): Promise<Body> {
  const { language } = context;
  checkFence(code, language, parts.languages);
  const program = await parts.prepare(code, language).catch((error: unknown) => {
    throw language === "javascript" ? hintAtPython(error, code, parts.languages) : error;
  });
  const lease = await parts.sandbox.lease({ tenant: context.tenant, limits, ...(signal && { signal }) });
  try {
    const namespaces = guestNamespaces(parts.catalogue(), code);
    const guest: GuestProgram = {
      language,
      source: program.source,
      namespaces,
      ...(seed !== undefined && { seed }),
    };
    const outcome = await lease.session.run(guest, parts.bindings(context), signal);
    return { ...(await valueOf(parts, outcome, context)), ...outcomeBody(outcome, program, code) };
  } finally {
    await lease.dispose();
  }
}

/** Every server is in scope; only those that the program names come with their lists of tools. */
function guestNamespaces(catalogue: Catalogue, code: string): GuestNamespace[] {
  return catalogue.servers.map(({ namespace, tools }) => ({
    name: namespace,
    tools:
      code.includes(namespace) || code.includes(snakeCase(namespace))
        ? tools.map(({ identifier }) => identifier)
        : [],
  }));
}

/** Python programs may write `google_calendar` for `googleCalendar`; the guest has both names. */
const snakeCase = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();

async function valueOf(
  { resultTokens, tokenCounter, vault }: ExecutorParts,
  { value }: GuestOutcome,
  { tenant }: RunContext,
): Promise<Pick<RunReport, "value" | "omitted" | "handle">> {
  if (value === undefined) return { omitted: [] };
  const shaped = shapeValue(value, resultTokens, tokenCounter);
  if (shaped.omitted.length === 0) return shaped;
  try {
    return { ...shaped, handle: await vault.put(tenant, { kind: "json", value }) };
  } catch (error) {
    if (!OptimizerError.is(error)) throw error;
    return { ...shaped, omitted: [...shaped.omitted, `the rest is not kept: ${error.message}`] };
  }
}

function outcomeBody(
  outcome: GuestOutcome,
  program: PreparedProgram,
  code: string,
): Pick<RunReport, "error" | "warnings" | "console" | "consoleOmittedBytes"> {
  const { failure, value, console, consoleOmittedBytes, unhandled } = outcome;
  const warnings = unhandled.map((rejection) => {
    const { position, message } = runError(rejection, program, code);
    return `not awaited and failed${position ? ` (line ${position.line})` : ""}: ${message}`;
  });
  if (!failure && value === undefined) warnings.push(NO_VALUE);
  return {
    ...(failure && { error: runError(failure, program, code) }),
    warnings,
    console,
    consoleOmittedBytes,
  };
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

function failedBody(error: unknown, log: Log): Body {
  if (!OptimizerError.is(error)) {
    log({ level: "error", message: "A run failed inside", cause: error });
    return failedBody(new OptimizerError("internal"), log);
  }
  const { line, column, sourceLine } = error.data ?? {};
  const place = typeof line === "number" && typeof column === "number" ? { position: { line, column } } : {};
  const source = typeof sourceLine === "string" ? { sourceLine } : {};
  return { ...NOTHING, error: { code: error.code, message: error.message, ...place, ...source } };
}
