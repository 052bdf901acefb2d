import {
  OptimizerError,
  type CallOutcome,
  type ContextScope,
  type ContextStore,
  type EvictedKey,
  type FeatureFlags,
  type JsonObject,
  type JsonValue,
  type Log,
} from "@mcp-optimizer/contracts";
import { callKey } from "../log/call-key.ts";
import { guestError } from "../run/guest-error.ts";
import type { HostFunctions } from "../run/host-functions.ts";
import type { RunContext } from "../run/run-context.ts";
import { requireJson } from "../state/require-json.ts";
import { jsonSize } from "../result/json-size.ts";
import type { RunSession } from "./run-session.ts";
import type { ContextSettings } from "./session-settings.ts";
import { keyArgument, ttlArgument } from "./session-arguments.ts";

/** What programs keep their variables in. */
export interface SessionFunctionsParts {
  readonly contextStore: ContextStore;
  /** How long a value is kept that was set without a time of its own, in milliseconds. */
  readonly ttlMs: number;
  /** What a session may have. */
  readonly limitBytes: number;
  readonly log: Log;
}

/** The defaults, and what an engine's settings say. */
export function contextBounds({
  options,
  flags,
}: {
  readonly options: { readonly context?: ContextSettings };
  readonly flags: Pick<FeatureFlags, "contextSizeLimitKb">;
}): Pick<SessionFunctionsParts, "ttlMs" | "limitBytes"> {
  const { ttlSeconds = 300 } = options.context ?? {};
  return { ttlMs: ttlSeconds * 1_000, limitBytes: flags.contextSizeLimitKb * 1_024 };
}

/** The namespace of what programs keep. */
export const PROGRAM_NAMESPACE = "program";

/**
 * How programs keep variables from run to run. What a run was given it is given again when it goes on, whatever the session has by then. A run
 * that is only followed, to find what has to be approved, keeps nothing, and sees what it would have kept. A value comes with the servers whose
 * results it may hold, so that policy knows them in the next run.
 */
export function sessionFunctions(parts: SessionFunctionsParts): HostFunctions {
  const { contextStore, ttlMs: usualMs, limitBytes, log } = parts;
  return {
    "session.get": async (context, args) => {
      const key = keyArgument("session.get", args);
      const { session, planned } = sessionOf(context);
      const read = async (): Promise<JsonValue> =>
        (await session.isThere()) ? ((await contextStore.get(scopeOf(context), key)) ?? []) : [];
      const seen = context.approvals.planning && planned.has(key);
      const [value, ...sources] = listOf(
        seen ? planned.get(key) : await noted(context, "get", { key }, read),
      );
      for (const source of sources) if (typeof source === "string") context.sources.add(source);
      return value ?? args[1];
    },
    "session.set": async (context, args) => {
      const key = keyArgument("session.set", args);
      const [, value, options] = args;
      if (value === undefined)
        throw new OptimizerError("invalid_params", { detail: "session.set takes (key, value)" });
      requireJson(value);
      const ttlMs = ttlArgument(options) ?? usualMs;
      const entry = [value, ...[...context.sources].toSorted()];
      requireRoom(key, entry, limitBytes);
      const { session, planned } = sessionOf(context);
      if (!context.approvals.planning) {
        await session.make((create) => noted(context, "create", {}, create) as Promise<string>);
      }
      const given = { key, value, ...(options !== undefined && { ttl: ttlMs / 1_000 }) };
      const keep = async (): Promise<JsonValue> => {
        await session.require();
        return evictedKeys(await contextStore.set(scopeOf(context), key, entry, { ttlMs, limitBytes }));
      };
      const evicted = await noted(context, "set", given, keep, () => void planned.set(key, entry));
      remark(context, listOf(evicted));
      return undefined;
    },
    "session.delete": async (context, args) => {
      const key = keyArgument("session.delete", args);
      const { session, planned } = sessionOf(context);
      const drop = async (): Promise<JsonValue> =>
        (await session.isThere()) && (await contextStore.delete(scopeOf(context), key));
      return (await noted(context, "delete", { key }, drop, () => void planned.set(key, undefined))) ?? true;
    },
    "session.keys": async (context) => {
      const { session, planned } = sessionOf(context);
      const read = async (): Promise<JsonValue> =>
        (await session.isThere()) ? [...(await contextStore.keys(scopeOf(context)))] : [];
      const kept = new Set(listOf(await noted(context, "keys", {}, read)).map(String));
      if (!context.approvals.planning) return [...kept];
      for (const [key, entry] of planned) {
        if (entry === undefined) kept.delete(key);
        else kept.add(key);
      }
      return [...kept].toSorted();
    },
  };

  /** Does it, or gives what it gave in an earlier attempt at the run. While planning, `plan` stands in for what would change something. */
  async function noted(
    { journal, approvals }: RunContext,
    name: string,
    args: JsonObject,
    perform: () => Promise<JsonValue>,
    plan?: () => void,
  ): Promise<JsonValue | undefined> {
    const path = `session.${name}`;
    // It is noted as what reads are: together, before the next write. Done twice, it does no harm, if it is the same: what was read comes first.
    const call = {
      tool: { path, hash: path },
      args,
      key: callKey(path, args),
      effect: "read" as const,
      repeatable: true,
      changes: plan !== undefined,
    };
    if (approvals.planning && !journal.knows(call)) {
      if (plan === undefined) return await perform();
      plan();
      return undefined;
    }
    const answer = await journal.call(call, async (): Promise<CallOutcome> => {
      try {
        return { state: "applied", value: await perform() };
      } catch (error) {
        return { state: "failed", error: guestError(error, log) };
      }
    });
    return answer.value;
  }
}

function sessionOf({ variables }: RunContext): {
  readonly session: RunSession;
  readonly planned: RunSession["planned"];
} {
  return { session: variables, planned: variables.planned };
}

const scopeOf = ({ tenant, variables }: RunContext): ContextScope => ({
  tenant,
  session: variables.id ?? "",
  namespace: PROGRAM_NAMESPACE,
});

const listOf = (value: JsonValue | readonly JsonValue[] | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : [];

function requireRoom(key: string, entry: JsonValue[], limitBytes: number): void {
  const size = Buffer.byteLength(key) + jsonSize(entry, limitBytes);
  if (size <= limitBytes) return;
  throw new OptimizerError("context_limit", {
    detail: `a session keeps ${limitBytes / 1_024} KB in all; keep the handle of a large value, which vault.open(handle) opens, or less of it`,
  });
}

const evictedKeys = (keys: readonly EvictedKey[]): JsonValue =>
  keys.map(({ namespace, key }) => (namespace === PROGRAM_NAMESPACE ? key : `${namespace}/${key}`));

function remark({ remarks }: RunContext, evicted: readonly JsonValue[]): void {
  if (evicted.length === 0) return;
  remarks?.add(`the session was full; gone from it: ${evicted.map((key) => JSON.stringify(key)).join(", ")}`);
}
