import type {
  CallOutcome,
  JsonValue,
  Log,
  ResultVault,
  ToolCallOptions,
  ToolProgress,
  ToolProvider,
  ToolResult,
} from "@mcp-optimizer/contracts";
import type { CallCache } from "../cache/call-cache.ts";
import { isMarkedCached, markCached } from "../cache/cached-result.ts";
import { keptSources } from "../intents/intent-result.ts";
import type { Learning } from "../learning/learning.ts";
import { plainResultValue } from "../learning/plain-result-value.ts";
import type { JournalledCall } from "../log/run-journal.ts";
import type { Resilience } from "../resilience/resilience.ts";
import { toolResultValue } from "../result/tool-result-value.ts";
import { keepBlob } from "../vault/keep-result.ts";
import { keepToolResult } from "../vault/keep-tool-result.ts";
import { callOutcome } from "./call-outcome.ts";
import type { CallObserver } from "./received-call.ts";
import type { RunContext } from "./run-context.ts";
import type { CallRecord } from "./run-report.ts";

/** What a decided call goes through. */
export interface PerformParts {
  readonly resilience: Resilience;
  readonly cache: CallCache;
  readonly vault: ResultVault;
  readonly log: Log;
  /** Told of results, in this order. */
  readonly observers: readonly CallObserver[];
  /** Learns from values, and gives a remark for whoever reads the run. Must be quick, and not throw. */
  readonly learn?: Learning["observe"] | undefined;
}

/** How an answer came about, and where it is kept. */
export type CallFacts = Pick<CallRecord, "replayed" | "planned" | "cached" | "handle" | "size" | "more">;

/** Makes one call. */
interface Performer {
  readonly perform: (idempotencyKey: string | undefined) => Promise<CallOutcome>;
  /** Filled meanwhile. */
  readonly how: {
    facts: CallFacts;
    /** The servers behind an intent's answer that was kept as a whole. */
    kept?: readonly string[];
  };
}

/** Makes what calls the server, or finds what it said before, and tells how that ended. */
export function performer(
  parts: PerformParts,
  context: RunContext,
  provider: ToolProvider,
  call: JournalledCall,
  keyArgument: string | undefined,
  signal: AbortSignal,
): Performer {
  const { tool, args, effect, repeatable } = call;
  const { trail, raw } = context;
  const how: Performer["how"] = { facts: {} };
  const options = callOptions(context, provider, call, signal);
  const send = (keyed: JournalledCall["args"]): Promise<ToolResult> =>
    provider.callTool(tool.name, keyed, options);
  const perform: Performer["perform"] = async (idempotencyKey) => {
    const keyed =
      keyArgument === undefined || idempotencyKey === undefined || (args[keyArgument] ?? "") !== ""
        ? args
        : { ...args, [keyArgument]: idempotencyKey };
    const mayRepeat = effect === "read" || repeatable || idempotencyKey !== undefined;
    const asked = { mayRepeat, signal, keyed: keyArgument !== undefined };
    const received = (): Promise<ToolResult> =>
      // The calls of an intent are repeated one by one, where they may be, and kept one by one or as a whole.
      provider.composes === undefined
        ? serverResult(parts, context, call, asked, how, () => send(keyed))
        : intentResult(how, () => send(keyed));
    const valueOf = (result: ToolResult): Promise<JsonValue> =>
      provider.composes === undefined
        ? serverValue(parts, context, call, how, result)
        : intentValue(parts, context, call, how, result);
    const work = (): Promise<CallOutcome> => callOutcome(effect, received, valueOf, raw);
    if (effect === "read") return await work();
    trail?.spoil();
    return await parts.cache.write(tool.server, work);
  };
  return { perform, how };
}

function callOptions(
  context: RunContext,
  provider: ToolProvider,
  { tool }: JournalledCall,
  signal: AbortSignal,
): ToolCallOptions {
  const { report, relay, tenant, principal, scopes, session } = context;
  const onProgress =
    relay ?? (report && ((progress: ToolProgress) => report(`${tool.path} ${progressText(progress)}`)));
  return {
    signal,
    tenant,
    principal,
    ...(scopes && { scopes }),
    ...(session !== undefined && { session }),
    // Intents know whose part they are.
    ...(provider.composes !== undefined && { within: context }),
    ...(onProgress && { onProgress }),
  };
}

/** What a server says, or said before. */
async function serverResult(
  { resilience, observers, cache }: PerformParts,
  { tenant, session, runId, raw = false, fresh, trail, approvals }: RunContext,
  { tool, args, key, effect }: JournalledCall,
  {
    mayRepeat,
    signal,
    keyed,
  }: { readonly mayRepeat: boolean; readonly signal: AbortSignal; readonly keyed: boolean },
  how: Performer["how"],
  send: () => Promise<ToolResult>,
): Promise<ToolResult> {
  const call = (): Promise<ToolResult> => resilience.call(tool.server, { mayRepeat, signal }, send);
  const asked = { tenant, tool, args, key, keyed, fresh, trail };
  const { result, cached } =
    effect === "read" ? await cache.read(asked, call) : { result: await call(), cached: false };
  if (cached) how.facts = { ...how.facts, cached };
  const owner = { tenant, ...(session !== undefined && { session }) };
  // Not logged: a read of a run that waits for approval.
  const provisional = approvals.planning;
  for (const told of observers) told({ ...owner, runId, tool, args, result, cached, raw, provisional });
  return result;
}

async function intentResult(how: Performer["how"], send: () => Promise<ToolResult>): Promise<ToolResult> {
  const result = await send();
  const kept = keptSources(result);
  if (kept !== undefined) how.kept = kept;
  if (isMarkedCached(result)) how.facts = { ...how.facts, cached: true };
  return result;
}

/** What a program gets: learned from and kept; or, in a raw run, the result. */
async function serverValue(
  parts: PerformParts,
  context: RunContext,
  { tool }: JournalledCall,
  how: Performer["how"],
  result: ToolResult,
): Promise<JsonValue> {
  const { learn } = parts;
  const { tenant, raw = false, remarks } = context;
  const cached = how.facts.cached === true;
  const observe = (value: JsonValue | undefined): void => {
    const remark = value === undefined || cached ? undefined : learn?.({ tenant, tool, value });
    if (remark !== undefined) remarks?.add(remark);
  };
  if (raw) {
    if (learn !== undefined && !cached) observe(await plainResultValue(result));
    return cached ? markCached(result) : result;
  }
  const keep = blobKeeper(parts, context, tool.server);
  const value = await toolResultValue(result, keep);
  observe(value);
  const kept = await keepToolResult(parts, tenant, [tool.server], result, value, keep);
  how.facts = { ...how.facts, ...kept };
  return value;
}

async function intentValue(
  parts: PerformParts,
  context: RunContext,
  { tool }: JournalledCall,
  how: Performer["how"],
  result: ToolResult,
): Promise<JsonValue> {
  if (context.raw === true) return how.facts.cached === true ? markCached(result) : result;
  return await toolResultValue(result, blobKeeper(parts, context, tool.server));
}

/** Keeps bytes of a result. */
function blobKeeper(
  parts: PerformParts,
  { tenant, trail }: RunContext,
  server: string,
): (mimeType: string, base64: string) => Promise<string | undefined> {
  return async (mimeType, base64) => {
    // The handle may be gone before what holds it.
    trail?.spoil();
    return await keepBlob(parts, tenant, [server], mimeType, base64);
  };
}

const progressText = ({ progress, total, message }: ToolProgress): string =>
  `${progress}${total === undefined ? "" : `/${total}`}${message === undefined ? "" : ` ${message}`}`;
