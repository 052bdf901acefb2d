import { randomUUID } from "node:crypto";
import type { Clock, Effect, ExecutionMode, JsonObject, Metrics, Policy } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { Intent } from "../intents/intent.ts";
import { intentDefinition, INTENTS } from "../intents/intent-definition.ts";
import type { IntentValue } from "../intents/intent-result.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { RunContext } from "../run/run-context.ts";
import { answerKey, type AnswerStore, type StoredAnswer } from "./answer-store.ts";
import type { CacheRules } from "./cache-settings.ts";
import { createReadTrail, type NotedRead } from "./read-trail.ts";

/** An intent that a run asks for. */
export interface AskedIntent {
  readonly intent: Intent;
  /** As found, before the policy has its say. */
  readonly effect: Effect;
  readonly params: JsonObject;
  readonly mode: ExecutionMode;
  readonly context: RunContext;
}

/** Answers intents that only read from what they gave before. */
export interface IntentCache {
  /** What the intent gave to equal parameters of the same tenant, else of `perform`, which has to go on with the context that it is given. */
  answer(asked: AskedIntent, perform: (within: RunContext) => Promise<IntentValue>): Promise<IntentValue>;
}

/** What an {@link IntentCache} stands on. */
export interface IntentCacheParts {
  readonly answers: AnswerStore;
  readonly rules: CacheRules;
  readonly policy: Pick<Policy, "effect" | "decide">;
  /** What a caller sees now. */
  readonly catalogue: (viewer: Viewer) => Catalogue;
  readonly clock: Pick<Clock, "now">;
  /** Counts `response_cache_hits_total` and `response_cache_misses_total` of the server `intents`. */
  readonly metrics?: Metrics | undefined;
}

/**
 * Makes an {@link IntentCache}. An answer stands on the calls that were made for it: it counts while none of their servers was written to, and
 * only for who may make each of them now, without being asked.
 */
export function createIntentCache(parts: IntentCacheParts): IntentCache {
  const { answers, rules, policy, clock, metrics } = parts;
  const identities = new WeakMap<Intent, string>();
  /** Functions have no content that could be compared. */
  const identity = (intent: Intent): string => {
    if (intent.run === undefined && intent.tool?.args === undefined) return "";
    const own = identities.get(intent) ?? randomUUID();
    identities.set(intent, own);
    return own;
  };
  return {
    async answer({ intent, effect, params, mode, context }, perform) {
      const { name, code = null, language, simple, tool } = intent;
      const { tenant, approvals, journal } = context;
      const ttlMs = rules.ttlMs(`${INTENTS}.${name}`);
      if (ttlMs === 0) context.trail?.spoil();
      const { annotations = {} } = intentDefinition(intent, effect);
      const reads = policy.effect({ server: INTENTS, name, annotations }) === "read";
      const trail = createReadTrail(context.trail);
      const run = async (): Promise<IntentValue> => {
        const value = await perform({ ...context, trail });
        return trail.cached ? { ...value, cached: true } : value;
      };
      // What goes on has to make the calls that it made before.
      if (ttlMs === 0 || !reads || journal.goesOn) return await run();

      const does = [name, code, language, simple, tool?.name ?? null, identity(intent)];
      const key = answerKey("intent", tenant, answers.origin(INTENTS), mode, ...does, params);
      if (context.fresh !== true) {
        const found = await answers.find(key);
        const known = found && (await standsFor(parts, found, context));
        metrics?.count(`response_cache_${known ? "hits" : "misses"}_total`, { server: INTENTS });
        if (found !== undefined && known !== undefined) {
          for (const read of known) {
            context.sources.add(read.server);
            context.trail?.note(read);
          }
          const sources = [...new Set(known.map(({ server }) => server))];
          return { ...(found.value as unknown as IntentValue), cached: true, sources };
        }
      }
      const started = clock.now();
      const generation = await answers.generation(INTENTS);
      const value = await run();
      const standsOnSomething = trail.reads.length > 0 || intent.effect !== undefined;
      if (generation !== undefined && standsOnSomething && !trail.spoiled && !approvals.planning) {
        const { value: data, route } = value;
        await answers.keep(key, {
          value: { value: data, route, tokens: 0 },
          generations: { ...trail.generations, [INTENTS]: generation },
          until: Math.min(started + ttlMs, trail.until),
          reads: trail.reads,
        });
      }
      return value;
    },
  };
}

/** The calls behind an answer, if the same tools are there and whoever asks may make all of them now; undefined otherwise. */
async function standsFor(
  { policy, catalogue }: IntentCacheParts,
  { reads = [], generations, until }: StoredAnswer,
  { tenant, scopes, session, sources }: RunContext,
): Promise<NotedRead[] | undefined> {
  const seen = catalogue({ tenant, scopes });
  const from = new Set(sources);
  const known: NotedRead[] = [];
  for (const read of reads) {
    const tool = seen.resolve(read.tool);
    if (tool?.hash !== read.toolHash) return undefined;
    const { server } = tool;
    const generation = generations[server];
    const call = {
      tenant,
      ...(session !== undefined && { session }),
      ...(scopes && { scopes }),
      tool: asPolicyTool(tool),
      args: read.args,
      sources: [...from],
    };
    const allowed = await Promise.resolve(call)
      .then((one) => policy.decide(one))
      .then(
        ({ decide }) => decide === "allow",
        () => false,
      );
    if (generation === undefined || !allowed || policy.effect(call.tool) !== "read") return undefined;
    from.add(server);
    known.push({ ...read, server, generation, until, cached: true });
  }
  return known;
}
