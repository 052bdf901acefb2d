export { CacheSettingsSchema, type CacheSettings } from "./cache/cache-settings.ts";
export { checkCacheSettings } from "./cache/check-cache-settings.ts";
export type { CheckMode } from "./check/program-check.ts";
export type { LearningMode } from "./learning/tool-learning.ts";
export { checkPolicy, type PolicyProblem } from "./policy/check-policy.ts";
export { unknownPolicyNames } from "./policy/policy-names.ts";
export { PolicySettingsSchema, type PolicyRule, type PolicySettings } from "./policy/policy-rules.ts";
export { RateSettingsSchema, type RateSettings, type UsageRates } from "./rates/rate-settings.ts";
export {
  DEFAULT_RESILIENCE,
  ResilienceSettingsSchema,
  type ResilienceSettings,
} from "./resilience/resilience-settings.ts";
export {
  ContextSettingsSchema,
  SessionSettingsSchema,
  type ContextSettings,
  type SessionSettings,
} from "./sessions/session-settings.ts";
export { InversesSchema, type Inverse, type Inverses } from "./runs/inverses.ts";
