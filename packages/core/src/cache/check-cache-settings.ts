import { fitsSomeTool, type PolicyProblem } from "../policy/check-policy.ts";
import type { CacheSettings } from "./cache-settings.ts";

/** The first part of cache settings that can never apply to these servers. */
export function checkCacheSettings(
  { never = [], ttlSeconds = {}, sameData = [], stateless = [] }: CacheSettings,
  servers: readonly string[],
): PolicyProblem | undefined {
  const there = servers.join(", ");
  const patterns = [
    ...never.map((pattern, index) => ({ path: ["never", index], pattern })),
    ...Object.keys(ttlSeconds).map((pattern) => ({ path: ["ttlSeconds", pattern], pattern })),
  ];
  const ofTools = patterns
    .filter(({ pattern }) => !fitsSomeTool(pattern, servers))
    .map(({ path }) => ({
      path,
      message: `can never apply: a tool is written server.tool, and the servers are ${there}`,
    }));
  const named = [
    ...sameData.flatMap((group, index) =>
      group.map((server, at) => ({ path: ["sameData", index, at], server })),
    ),
    ...stateless.map((server, index) => ({ path: ["stateless", index], server })),
  ];
  const ofServers = named
    .filter(({ server }) => !servers.includes(server))
    .map(({ path, server }) => ({
      path,
      message: `can never apply: there is no server ${JSON.stringify(server)}; there are ${there}`,
    }));
  return [...ofTools, ...ofServers][0];
}
