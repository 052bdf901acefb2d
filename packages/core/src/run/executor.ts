import {
  OptimizerError,
  type Clock,
  type ExecutionLog,
  type GuestFailure,
  type GuestNamespace,
  type GuestOutcome,
  type GuestProgram,
  type HostBindings,
  type JsonValue,
  type Language,
  type Log,
  type ResultVault,
  type RunLimits,
  type SandboxBackend,
  type TokenCounter,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CheckedProgram } from "../check/program-check.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { toUserPosition } from "../program/position-map.ts";
import { sourceLineAt } from "../program/program-error.ts";
import { checkFence, hintAtPython, programLanguage } from "../program/program-language.ts";
import { withParameters } from "../program/with-parameters.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { shapeValue } from "../result/shape-value.ts";
import { loweredLimits } from "./merge-limits.ts";
import { renderRunReport, runTokens } from "./render-run-report.ts";
import { openRunJournal } from "../log/run-journal.ts";
import { countReports, type RunContext } from "./run-context.ts";
import type { CallRecord, RunError, RunReport, RunRequest } from "./run-report.ts";

/** What an executor works with. */
export interface ExecutorParts {
  readonly prepare: (text: string, language: Language) => Promise<PreparedProgram>;
  readonly check: (trace: ProgramTrace, names: readonly string[]) => Promise<CheckedProgram>;
  /** What the sandbox runs. */
  readonly languages: readonly Language[];
  readonly sandbox: SandboxBackend;
  readonly executionLog: ExecutionLog;
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
  /** Resolves with a report whatever the program did. Rejects with OptimizerError before it began: `invalid_params`, `concurrency_limit`, `conflict`. */
  run(request: RunRequest): Promise<ExecutedRun>;
}

type Body = Omit<RunReport, "runId" | "durationMs" | "tokens" | "calls">;

const NOTHING: Body = { omitted: [], warnings: [], console: [], consoleOmittedBytes: 0 };
/** A run that has not ended so long after its time is dead. */
const LEASE_SLACK_MS = 30_000;
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
      const { tenant = "local", runId = `r_${parts.randomId()}`, code, params, onProgress } = request;
      const calls: CallRecord[] = [];
      try {
        const journal = await openRunJournal({
          log: parts.executionLog,
          clock: parts.clock,
          tenant,
          runId,
          source: { kind: "program", code, language, ...(params && { params }) },
          owner: parts.randomId(),
          leaseMs: limits.wallMs + LEASE_SLACK_MS,
        });
        const context = { tenant, language, journal, calls, report: countReports(onProgress) };
        const body = await execute(parts, request, limits, context).catch((error: unknown) =>
          failedBody(error, parts.log),
        );
        await journal
          .close(body.error && { code: body.error.code, message: body.error.message })
          .catch((cause: unknown) =>
            parts.log({ level: "error", message: "A run could not be closed", cause }),
          );
        const durationMs = Math.round((parts.clock.elapsed() - started) * 10) / 10;
        const report = { runId, ...body, calls, durationMs };
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
  { code, params, signal, seed, whole = false }: RunRequest,
  limits: RunLimits,
  context: RunContext,
): Promise<Body> {
  const { language } = context;
  checkFence(code, language, parts.languages);
  const prepared = await parts.prepare(code, language).catch((error: unknown) => {
    throw language === "javascript" ? hintAtPython(error, code, parts.languages) : error;
  });
  const program = params === undefined ? prepared : withParameters(prepared, language, params);
  const { mayCall, warnings = [] } = await checked(parts, program, params === undefined ? [] : ["params"]);
  const lease = await parts.sandbox.lease({ tenant: context.tenant, limits, ...(signal && { signal }) });
  try {
    const namespaces = guestNamespaces(parts.catalogue(), code);
    const guest: GuestProgram = {
      language,
      source: program.source,
      namespaces,
      ...(seed !== undefined && { seed }),
    };
    const outcome = await lease.session.run(
      guest,
      parts.bindings({ ...context, ...(mayCall && { mayCall }) }),
      signal,
    );
    const body = outcomeBody(outcome, program, code);
    return {
      ...(await valueOf(parts, outcome, context, whole)),
      ...body,
      warnings: [...body.warnings, ...warnings],
    };
  } finally {
    await lease.dispose();
  }
}

/** A program that nobody can read may call all that the policy lets it. */
async function checked(
  { check }: ExecutorParts,
  { trace }: PreparedProgram,
  names: readonly string[],
): Promise<Partial<CheckedProgram>> {
  return trace === undefined ? {} : await check(trace, names);
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
  whole: boolean,
): Promise<Pick<RunReport, "value" | "omitted" | "handle">> {
  if (value === undefined) return { omitted: [] };
  if (whole) return { value, omitted: [] };
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
  const { line, column, sourceLine, findings, signatures } = error.data ?? {};
  const place = typeof line === "number" && typeof column === "number" ? { position: { line, column } } : {};
  const source = typeof sourceLine === "string" ? { sourceLine } : {};
  const found = { ...textsAt("findings", findings), ...textsAt("signatures", signatures) };
  return { ...NOTHING, error: { code: error.code, message: error.message, ...place, ...source, ...found } };
}

const textsAt = (name: "findings" | "signatures", value: JsonValue | undefined): Partial<RunError> =>
  Array.isArray(value) ? { [name]: value.map(String) } : {};
