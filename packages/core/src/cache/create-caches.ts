import type { FeatureFlags, ResponseCache } from "@mcp-optimizer/contracts";
import { createAnswerStore, type AnswerStoreParts } from "./answer-store.ts";
import { createCallCache, type CallCache, type CallCacheParts } from "./call-cache.ts";
import { cacheRules, type CacheSettings } from "./cache-settings.ts";
import { createIntentCache, type IntentCache, type IntentCacheParts } from "./intent-cache.ts";

/** What caching stands on. */
export interface CacheParts
  extends
    Pick<CallCacheParts, "clock" | "log" | "metrics" | "randomId">,
    Pick<IntentCacheParts, "catalogue" | "policy"> {
  readonly cache: ResponseCache;
  readonly origin?: AnswerStoreParts["origin"];
  readonly flags: Pick<FeatureFlags, "enableCaching" | "cacheTtlSeconds">;
  readonly settings?: CacheSettings | undefined;
}

/** Puts the caches of calls and of intents together, over one store. */
export function createCaches({ settings = {}, flags, origin, ...parts }: CacheParts): {
  readonly calls: CallCache;
  readonly intents: IntentCache;
} {
  const rules = cacheRules(settings, flags);
  const answers = createAnswerStore({
    ...parts,
    origin: (server) => `${origin?.(server) ?? ""} ${rules.digest}`,
  });
  const all = { ...parts, answers, rules };
  return { calls: createCallCache(all), intents: createIntentCache(all) };
}
