import { createHash } from "node:crypto";
import type {
  GuestNamespace,
  GuestProgram,
  HostBindings,
  Language,
  RunLimits,
  SandboxBackend,
} from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { CheckedProgram } from "../check/program-check.ts";
import type { PreparedProgram } from "../program/prepare-program.ts";
import { checkFence, hintAtPython } from "../program/program-language.ts";
import { withParameters } from "../program/with-parameters.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import { outcomeBody, valueBody, type RunBody, type ValueParts } from "./run-body.ts";
import type { RunContext } from "./run-context.ts";
import type { RunRequest } from "./run-report.ts";

/** What the running of a program needs. */
export interface ProgramRunParts extends ValueParts {
  readonly prepare: (text: string, language: Language) => Promise<PreparedProgram>;
  readonly check: (trace: ProgramTrace, names: readonly string[], viewer: Viewer) => Promise<CheckedProgram>;
  /** What the sandbox runs. */
  readonly languages: readonly Language[];
  readonly sandbox: SandboxBackend;
  readonly bindings: (context: RunContext) => HostBindings;
  /** What a caller sees now. */
  readonly catalogue: (viewer: Viewer) => Catalogue;
}

/** Prepares a program, checks it, and runs it in a guest of its own. Rejects with OptimizerError when it cannot run. */
export async function runProgram(
  parts: ProgramRunParts,
  { code, params, signal, seed, whole = false }: RunRequest,
  limits: RunLimits,
  context: RunContext,
): Promise<RunBody> {
  const { language, tenant, runId } = context;
  checkFence(code, language, parts.languages);
  const prepared = await parts.prepare(code, language).catch((error: unknown) => {
    throw language === "javascript" ? hintAtPython(error, code, parts.languages) : error;
  });
  const program = params === undefined ? prepared : withParameters(prepared, language, params);
  const names = params === undefined ? [] : ["params"];
  const { mayCall, warnings = [] } = await checked(parts, program, names, context);
  const lease = await parts.sandbox.lease({ tenant, limits, ...(signal && { signal }) });
  try {
    const guest: GuestProgram = {
      language,
      source: program.source,
      namespaces: guestNamespaces(parts.catalogue(context), code),
      seed: seed ?? seedOf(runId, code),
    };
    const { mayCall: _outer, ...own } = context;
    const bindings = parts.bindings({ ...own, ...(mayCall && { mayCall }) });
    const outcome = await lease.session.run(guest, bindings, signal);
    const body = outcomeBody(outcome, program, code, context.shown.length > 0);
    const value = await valueBody(parts, outcome, context, whole);
    return { ...value, ...body, warnings: [...body.warnings, ...warnings, ...(context.remarks ?? [])] };
  } finally {
    await lease.dispose();
  }
}

/** A run that goes on draws the same random numbers, so that it makes the same calls. */
function seedOf(runId: string, code: string): number {
  return createHash("sha256").update(`${runId}\n${code}`).digest().readUIntBE(0, 6);
}

/** A program that nobody can read may call all that the policy lets it. */
async function checked(
  { check }: ProgramRunParts,
  { trace }: PreparedProgram,
  names: readonly string[],
  viewer: Viewer,
): Promise<Partial<CheckedProgram>> {
  return trace === undefined ? {} : await check(trace, names, viewer);
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
