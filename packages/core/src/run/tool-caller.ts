import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Policy,
  type PolicyCall,
  type PolicyVerdict,
  type ResultVault,
  type ToolProgress,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import { approvalKey } from "../approvals/approval-key.ts";
import { plannedValue } from "../approvals/planned-value.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import type { Resilience } from "../resilience/resilience.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import { toolResultValue } from "../result/tool-result-value.ts";
import { callKey } from "../log/call-key.ts";
import type { JournalledCall } from "../log/run-journal.ts";
import { callOutcome, restoredOutcome } from "./call-outcome.ts";
import type { ArgumentCheck } from "./check-arguments.ts";
import { ToolCallFault } from "./guest-error.ts";
import { givenArguments } from "./given-arguments.ts";
import type { RunContext } from "./run-context.ts";
import type { CallObserver } from "./received-call.ts";
import type { CallRecord } from "./run-report.ts";
import { keepResult } from "../vault/keep-result.ts";

/** What tool calls need. */
export interface ToolCallerParts {
  readonly providers: ReadonlyMap<string, ToolProvider>;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
  readonly checkArguments: ArgumentCheck;
  readonly policy: Policy;
  readonly usage: Pick<UsageLimits, "call">;
  readonly resilience: Resilience;
  readonly vault: ResultVault;
  /** Told of results, in this order. */
  readonly observers: readonly CallObserver[];
  readonly clock: Clock;
}

/**
 * Calls a tool for a program: arguments checked, policy asked, call logged, server called, call recorded, result made a value. A run that
 * waits for approval goes on without its writes: they are planned, and give the emptiest value of their type. Throws {@link ToolCallFault}.
 */
export type ToolCaller = (
  context: RunContext,
  tool: CatalogueTool,
  args: readonly JsonValue[],
  signal: AbortSignal,
) => Promise<JsonValue>;

interface CallAnswer {
  readonly value: JsonValue;
  readonly how?: HowAnswered;
}

/** How an answer came about, and where it is kept. */
type HowAnswered = Pick<CallRecord, "replayed" | "planned" | "cached" | "handle">;

/** Makes a {@link ToolCaller}. */
export function createToolCaller(parts: ToolCallerParts): ToolCaller {
  return async (context, tool, args, signal) => {
    const started = parts.clock.elapsed();
    const record = (error?: OptimizerError, how: CallAnswer["how"] = {}): void => {
      const ms = Math.round((parts.clock.elapsed() - started) * 10) / 10;
      context.calls.push({ tool: tool.path, ok: !error, ms, ...(error && { error: error.code }), ...how });
      context.report?.(`${tool.path} ${error ? "failed" : how.planned === true ? "planned" : "done"}`);
    };
    try {
      const { value, how } = await answer(parts, context, tool, args, signal);
      record(undefined, how);
      return value;
    } catch (error) {
      const fault = OptimizerError.is(error) ? error : new OptimizerError("internal", { cause: error });
      record(fault);
      throw new ToolCallFault(tool.path, fault);
    }
  };
}

async function answer(
  parts: ToolCallerParts,
  context: RunContext,
  tool: CatalogueTool,
  given: readonly JsonValue[],
  signal: AbortSignal,
): Promise<CallAnswer> {
  const { policy, providers } = parts;
  const { tenant, session, sources, approvals, journal } = context;
  const composes = providers.get(tool.server)?.composes?.(tool.name) === true;
  // What only calls others is decided on for its name; what they do, with them.
  const named = { ...asPolicyTool(tool), ...(composes && { annotations: { readOnlyHint: true } }) };
  const effect = policy.effect(named);
  const planned = (key: string, args: JsonObject, asked: boolean, reason: string): CallAnswer => {
    approvals.plan(key, { tool: tool.path, args, effect, asked, reason });
    sources.add(tool.server);
    return { value: plannedValue(tool.definition.outputSchema), how: { planned: true } };
  };

  const { args, problem } = givenArguments(parts, context.language, tool, given);
  if (problem !== undefined) {
    if (!approvals.planning) throw problem;
    return planned("", args, true, "its arguments depend on what is not known yet");
  }
  const decided = await verdictOf(policy, {
    tenant,
    ...(session !== undefined && { session }),
    tool: named,
    args,
    sources: [...sources],
  });
  const verdict = asForeseen(context, tool, decided);
  if (verdict.decide === "deny") throw new OptimizerError("policy_denied", { detail: verdict.reason });
  const provider = providers.get(tool.server);
  if (!provider) throw new OptimizerError("upstream_failed", { detail: `${tool.server} is gone` });

  const argument = policy.idempotencyKey(named);
  const idempotent = argument !== undefined;
  const content = callKey(tool.path, args);
  const repeatable = policy.repeatable(named);
  const call = { tool, args, key: content, effect, repeatable, idempotent };
  // What composes is asked about in the calls that it makes.
  const known = composes || journal.knows(call);
  const key = approvalKey(tool.hash, content);
  const asked = !known && verdict.decide === "ask";
  const asks = asked && (approvals.planning || !approvals.has(key));
  const waits = !known && approvals.planning && effect !== "read";
  if (asks || waits) return planned(key, args, asks, verdict.reason);

  if (!known) await parts.usage.call({ tenant, session });
  // Another call may have used it up by now.
  if (asked && !approvals.take(key)) return planned(key, args, true, verdict.reason);
  const { perform, how } = performer(parts, context, provider, call, argument, signal);
  try {
    // What is read while planning may be otherwise once the plan is done, and what composes logs its own calls.
    if (composes || (approvals.planning && !known)) {
      return { value: restoredOutcome(await perform(undefined)), how };
    }
    const { value, replayed } = await journal.call(call, perform);
    return { value, how: replayed ? { replayed } : how };
  } finally {
    if (!composes) sources.add(tool.server);
  }
}

/** Calls the server, and tells how that ended; `how` is filled meanwhile. */
function performer(
  parts: ToolCallerParts,
  context: RunContext,
  provider: ToolProvider,
  { tool, args, effect, repeatable }: JournalledCall,
  keyArgument: string | undefined,
  signal: AbortSignal,
): { perform: (idempotencyKey: string | undefined) => Promise<CallOutcome>; how: HowAnswered } {
  const { vault, resilience, observers } = parts;
  const { report, relay, runId, tenant, session, raw = false } = context;
  const owner = { tenant, ...(session !== undefined && { session }) };
  const composes = provider.composes !== undefined;
  const how: { -readonly [Key in keyof HowAnswered]: HowAnswered[Key] } = {};
  const onProgress =
    relay ?? (report && ((progress: ToolProgress) => report(`${tool.path} ${progressText(progress)}`)));
  const options = {
    signal,
    ...owner,
    // Intents know whose part they are.
    ...(composes && { within: context }),
    ...(onProgress && { onProgress }),
  };
  const keep = (mimeType: string, base64: string): Promise<string> =>
    vault.put(tenant, { kind: "blob", mimeType, base64, sources: [tool.server] });
  const valueOf = async (result: ToolResult): Promise<JsonValue> => {
    if (raw) return result;
    const value = await toolResultValue(result, keep);
    const handle = composes ? undefined : await keepResult(vault, tenant, tool.server, value);
    if (handle !== undefined) how.handle = handle;
    return value;
  };
  const perform = async (idempotencyKey: string | undefined): Promise<CallOutcome> => {
    const keyed =
      keyArgument === undefined || idempotencyKey === undefined || (args[keyArgument] ?? "") !== ""
        ? args
        : { ...args, [keyArgument]: idempotencyKey };
    const mayRepeat = effect === "read" || repeatable || idempotencyKey !== undefined;
    const send = (): Promise<ToolResult> => provider.callTool(tool.name, keyed, options);
    const received = async (): Promise<ToolResult> => {
      // The calls of an intent are repeated one by one, where they may be.
      const result = await (composes ? send() : resilience.call(tool.server, { mayRepeat, signal }, send));
      const { cached = false } = how;
      if (!composes) for (const told of observers) told({ ...owner, runId, tool, args, result, cached, raw });
      return result;
    };
    return await callOutcome(effect, received, valueOf, raw);
  };
  return { perform, how };
}

/** A tool that the program's text does not show is asked about: what was checked before the run does not hold for it. */
function asForeseen({ mayCall }: RunContext, { path }: CatalogueTool, verdict: PolicyVerdict): PolicyVerdict {
  if (mayCall?.has(path) !== false || verdict.decide !== "allow") return verdict;
  return { decide: "ask", reason: `the text of the program does not show that it calls ${path}` };
}

/** A policy that throws denies. */
async function verdictOf(policy: Policy, call: PolicyCall): Promise<PolicyVerdict> {
  try {
    return await policy.decide(call);
  } catch {
    return { decide: "deny", reason: "the policy could not decide" };
  }
}

const progressText = ({ progress, total, message }: ToolProgress): string =>
  `${progress}${total === undefined ? "" : `/${total}`}${message === undefined ? "" : ` ${message}`}`;
