import type { ToolProvider } from "@mcp-optimizer/contracts";
import { INTENTS } from "../intents/intent-definition.ts";
import type { PolicySettings } from "./policy-rules.ts";
import { fitsWildcard } from "./wildcard.ts";

/**
 * What a policy names that no connected server has: rules and lists that do nothing. Servers that are not ready are given the benefit of the
 * doubt. `also` are more names of the form `server.tool`, each with where it stands.
 */
export function unknownPolicyNames(
  settings: PolicySettings,
  servers: readonly Pick<ToolProvider, "name" | "status" | "tools">[],
  also: readonly { readonly where: string; readonly name: string }[] = [],
): string[] {
  const waiting = [
    INTENTS,
    ...servers.flatMap(({ name, status }) => (status.state === "ready" ? [] : [name])),
  ];
  const tools = servers.flatMap((server) => server.tools.map(({ name }) => ({ server: server.name, name })));
  const mayCome = (server: string): boolean => waiting.some((name) => fitsWildcard(name, server));
  const isThere = (server: string, tool: string): boolean =>
    tools.some((one) => fitsWildcard(one.server, server) && fitsWildcard(one.name, tool));
  const isPathThere = (pattern: string): boolean =>
    tools.some((one) => fitsWildcard(`${one.server}.${one.name}`, pattern)) ||
    waiting.some((name) => pattern.startsWith(`${name}.`)) ||
    (waiting.length > 1 && pattern.startsWith("*"));

  const rules = (settings.rules ?? []).flatMap(({ server = "*", tool }, index) =>
    tool === undefined || isThere(server, tool) || mayCome(server)
      ? []
      : [
          `policy.rules[${index}] names the tool ${JSON.stringify(tool)}, which ${server === "*" ? "no server has" : `${server} does not have`}`,
        ],
  );
  const named = [
    ...Object.keys(settings.effects ?? {}).map((name) => ({ where: "policy.effects", name })),
    ...(settings.repeatable ?? []).map((name) => ({ where: "policy.repeatable", name })),
    ...Object.keys(settings.idempotencyKeys ?? {}).map((name) => ({ where: "policy.idempotencyKeys", name })),
    ...also,
  ];
  const paths = named.flatMap(({ where, name }) =>
    isPathThere(name) ? [] : [`${where} names ${JSON.stringify(name)}, which no server has`],
  );
  return [...rules, ...paths];
}
