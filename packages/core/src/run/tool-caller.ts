import {
  OptimizerError,
  type CallOutcome,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Log,
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
import type { CallCache } from "../cache/call-cache.ts";
import { isMarkedCached, markCached } from "../cache/cached-result.ts";
import { fromLoggedAnswer, loggedAnswer } from "../cache/logged-answer.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { keptSources } from "../intents/intent-result.ts";
import type { Learning } from "../learning/learning.ts";
import { plainResultValue } from "../learning/plain-result-value.ts";
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
import { keepBlob } from "../vault/keep-result.ts";
import { keepToolResult } from "../vault/keep-tool-result.ts";
import { roomProblem } from "../vault/reply-room.ts";

/** What tool calls need. */
export interface ToolCallerParts {
  readonly providers: ReadonlyMap<string, ToolProvider>;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
  readonly checkArguments: ArgumentCheck;
  readonly policy: Policy;
  readonly usage: Pick<UsageLimits, "call">;
  readonly resilience: Resilience;
  readonly cache: CallCache;
  readonly vault: ResultVault;
  readonly log: Log;
  /** Told of results, in this order. */
  readonly observers: readonly CallObserver[];
  /** The emptiest value of the type that a tenant has learned; undefined where nothing is known. */
  readonly emptyValue?: Learning["emptyValue"] | undefined;
  /** Learns from values, and gives a remark for whoever reads the run. Must be quick, and not throw. */
  readonly learn?: Learning["observe"] | undefined;
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
type HowAnswered = Pick<CallRecord, "replayed" | "planned" | "cached" | "handle" | "size" | "more">;

/** Makes a {@link ToolCaller}. */
export function createToolCaller(parts: ToolCallerParts): ToolCaller {
  return async (context, tool, args, signal) => {
    const started = parts.clock.elapsed();
    const record = (error?: OptimizerError, how: CallAnswer["how"] = {}): void => {
      const ms = Math.round((parts.clock.elapsed() - started) * 10) / 10;
      context.calls.push({ tool: tool.path, ok: !error, ms, ...(error && { error: error.code }), ...how });
      context.report?.(`${tool.path} ${error ? "failed" : how.planned === true ? "planned" : "done"}`);
    };
    let answered: CallAnswer;
    try {
      answered = await answer(parts, context, tool, args, signal);
      const { how } = answered;
      if (how?.planned === true || how?.replayed === true) context.trail?.spoil();
      record(undefined, how);
    } catch (error) {
      const fault = OptimizerError.is(error) ? error : new OptimizerError("internal", { cause: error });
      context.trail?.spoil();
      record(fault);
      throw new ToolCallFault(tool.path, fault);
    }
    const tooLarge = context.raw === true ? undefined : roomProblem(answered.how, context.limits.replyBytes);
    if (tooLarge !== undefined) throw new ToolCallFault(tool.path, tooLarge);
    return answered.value;
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
    return {
      value: plannedValue(tool.definition.outputSchema, parts.emptyValue?.(tool, tenant)),
      how: { planned: true },
    };
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
  const { perform, how, answered } = performer(parts, context, provider, call, argument, signal);
  try {
    // What is read while planning may be otherwise once the plan is done, and what composes logs its own calls.
    if (composes ? !journal.knows(call) : approvals.planning && !known) {
      const value = restoredOutcome(await perform(undefined));
      const { kept } = answered;
      if (kept !== undefined && !approvals.planning) {
        await journal.call(call, async () => ({ state: "applied", value: loggedAnswer(value, kept) }));
      }
      return { value, how };
    }
    const {
      value,
      replayed,
      sources: then = [],
    } = await journal.call(call, async (idempotencyKey) => {
      const outcome = await perform(idempotencyKey);
      // A function that is one call for the log makes others that the log does not have.
      const calls = provider.composes !== undefined && outcome.state === "applied";
      return calls ? { ...outcome, sources: [...sources] } : outcome;
    });
    for (const source of then) sources.add(source);
    if (!composes) return { value, how: replayed ? { replayed } : how };
    const logged = fromLoggedAnswer(value);
    for (const source of logged.sources) sources.add(source);
    return { value: logged.answer, how: { replayed } };
  } finally {
    if (!composes) sources.add(tool.server);
  }
}

/** What a call is made with. */
interface Performer {
  readonly perform: (idempotencyKey: string | undefined) => Promise<CallOutcome>;
  /** Filled meanwhile. */
  readonly how: HowAnswered;
  /** Filled meanwhile. `kept`: the servers behind an intent's answer that was kept as a whole. */
  readonly answered: { readonly kept?: readonly string[] };
}

/** Calls the server, or finds what it said before, and tells how that ended. */
function performer(
  parts: ToolCallerParts,
  context: RunContext,
  provider: ToolProvider,
  { tool, args, key, effect, repeatable }: JournalledCall,
  keyArgument: string | undefined,
  signal: AbortSignal,
): Performer {
  const { resilience, observers, cache } = parts;
  const { report, relay, runId, tenant, session, raw = false, fresh, trail } = context;
  const owner = { tenant, ...(session !== undefined && { session }) };
  const composes = provider.composes !== undefined;
  const how: { -readonly [Key in keyof HowAnswered]: HowAnswered[Key] } = {};
  const answered: { kept?: readonly string[] } = {};
  const onProgress =
    relay ?? (report && ((progress: ToolProgress) => report(`${tool.path} ${progressText(progress)}`)));
  const options = {
    signal,
    ...owner,
    // Intents know whose part they are.
    ...(composes && { within: context }),
    ...(onProgress && { onProgress }),
  };
  // Not logged: a read of a run that waits for approval.
  const provisional = context.approvals.planning;
  const kept = [tool.server];
  const keep = async (mimeType: string, base64: string): Promise<string | undefined> => {
    // The handle may be gone before what holds it.
    trail?.spoil();
    return await keepBlob(parts, tenant, kept, mimeType, base64);
  };
  const learns = (): boolean => !composes && how.cached !== true && parts.learn !== undefined;
  const learn = (value: JsonValue | undefined): void => {
    const remark = value === undefined ? undefined : parts.learn?.({ tenant, tool, value });
    if (remark !== undefined) context.remarks?.add(remark);
  };
  const valueOf = async (result: ToolResult): Promise<JsonValue> => {
    if (raw) {
      if (learns()) await plainResultValue(result).then(learn);
      return how.cached === true ? markCached(result) : result;
    }
    const value = await toolResultValue(result, keep);
    if (learns()) learn(value);
    if (!composes) Object.assign(how, await keepToolResult(parts, tenant, kept, result, value, keep));
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
      // The calls of an intent are repeated one by one, where they may be, and kept one by one or as a whole.
      if (composes) {
        const result = await send();
        const kept = keptSources(result);
        if (kept !== undefined) answered.kept = kept;
        if (isMarkedCached(result)) how.cached = true;
        return result;
      }
      const call = (): Promise<ToolResult> => resilience.call(tool.server, { mayRepeat, signal }, send);
      const asked = { tenant, tool, args, key, keyed: keyArgument !== undefined, fresh, trail };
      const { result, cached } =
        effect === "read" ? await cache.read(asked, call) : { result: await call(), cached: false };
      if (cached) how.cached = true;
      for (const told of observers) told({ ...owner, runId, tool, args, result, cached, raw, provisional });
      return result;
    };
    const work = (): Promise<CallOutcome> => callOutcome(effect, received, valueOf, raw);
    if (effect === "read") return await work();
    trail?.spoil();
    return await cache.write(tool.server, work);
  };
  return { perform, how, answered };
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
