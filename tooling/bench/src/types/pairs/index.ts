import type { ServerName } from "../../fleet/server-packages.ts";
import type { CallPair, PairPlaces } from "../call-pair.ts";
import { postgresPairs, redisPairs, sequentialThinkingPairs, sqlitePairs } from "./small-servers.ts";
import { everythingPairs } from "./everything.ts";
import { filesystemPairs } from "./filesystem.ts";
import { gitPairs } from "./git.ts";
import { memoryPairs } from "./memory.ts";
import { playwrightPairs } from "./playwright.ts";

/** The pairs of each server, in the order in which they are called. All but one of Sentry's tools need an account. */
export const PAIRS: Readonly<Record<ServerName, (places: PairPlaces) => readonly CallPair[]>> = {
  everything: everythingPairs,
  filesystem: filesystemPairs,
  memory: memoryPairs,
  "sequential-thinking": sequentialThinkingPairs,
  git: gitPairs,
  sqlite: sqlitePairs,
  redis: redisPairs,
  postgres: postgresPairs,
  playwright: playwrightPairs,
  sentry: () => [
    { tool: "search_sentry_tools", first: { query: "release" }, second: { query: "issue", limit: 2 } },
  ],
};
