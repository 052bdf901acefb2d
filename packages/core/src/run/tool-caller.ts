import {
  OptimizerError,
  type Clock,
  type JsonObject,
  type JsonValue,
  type Policy,
  type PolicyCall,
  type PolicyVerdict,
  type ToolProvider,
} from "@mcp-optimizer/contracts";
import { approvalKey } from "../approvals/approval-key.ts";
import { plannedValue } from "../approvals/planned-value.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { Learning } from "../learning/learning.ts";
import { callKey } from "../log/call-key.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { UsageLimits } from "../rates/usage-limits.ts";
import { roomProblem } from "../vault/reply-room.ts";
import { restoredOutcome } from "./call-outcome.ts";
import type { ArgumentCheck } from "./check-arguments.ts";
import { givenArguments } from "./given-arguments.ts";
import { ToolCallFault } from "./guest-error.ts";
import { performer, type CallFacts, type PerformParts } from "./perform-call.ts";
import type { RunContext } from "./run-context.ts";

/** What tool calls need. */
export interface ToolCallerParts extends PerformParts {
  readonly providers: ReadonlyMap<string, ToolProvider>;
  /** The signature of a tool in one line. */
  readonly signature: (tool: CatalogueTool) => string;
  readonly checkArguments: ArgumentCheck;
  readonly policy: Policy;
  readonly usage: Pick<UsageLimits, "call">;
  /** The emptiest value of the type that a tenant has learned; undefined where nothing is known. */
  readonly emptyValue?: Learning["emptyValue"] | undefined;
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
  readonly how?: CallFacts;
}

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
  const { tenant, principal, session, scopes, sources, approvals, journal } = context;
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
    ...(scopes && { scopes }),
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

  if (!known) await parts.usage.call({ tenant, principal, session });
  // Another call may have used it up by now.
  if (asked && !approvals.take(key)) return planned(key, args, true, verdict.reason);
  const { perform, how } = performer(parts, context, provider, call, argument, signal);
  try {
    // What is read while planning may be otherwise once the plan is done, and what composes logs its own calls.
    if (composes ? !journal.knows(call) : approvals.planning && !known) {
      const value = restoredOutcome(await perform(undefined));
      const { kept } = how;
      if (kept !== undefined && !approvals.planning) {
        await journal.call(call, async () => ({ state: "applied", value, sources: kept }));
      }
      return { value, how: how.facts };
    }
    const done = await journal.call(call, async (idempotencyKey) => {
      const outcome = await perform(idempotencyKey);
      // A function that is one call for the log makes others that the log does not have.
      const calls = provider.composes !== undefined && outcome.state === "applied";
      return calls ? { ...outcome, sources: [...sources] } : outcome;
    });
    for (const source of done.sources ?? []) sources.add(source);
    return { value: done.value, how: done.replayed ? { replayed: true } : how.facts };
  } finally {
    if (!composes) sources.add(tool.server);
  }
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
