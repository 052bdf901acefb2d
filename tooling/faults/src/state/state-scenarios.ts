import { REDIS_SCENARIOS } from "./redis-scenarios.ts";
import { SQLITE_SCENARIO } from "./sqlite-scenario.ts";
import type { StateScenario } from "./state-scenario.ts";
import { TWO_INSTANCES_SCENARIO } from "./two-instances-scenario.ts";

/** All scenarios, in the order in which they run. */
export const STATE_SCENARIOS: readonly StateScenario[] = [
  ...REDIS_SCENARIOS,
  SQLITE_SCENARIO,
  TWO_INSTANCES_SCENARIO,
];
