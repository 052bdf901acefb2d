import type { Effect, Policy } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import { programTools } from "../check/tools-of.ts";
import type { ProgramTrace } from "../trace/program-trace.ts";
import type { Intent } from "./intent.ts";

const RANK: readonly Effect[] = ["read", "write", "unknown", "destructive"];

/**
 * What an intent does to the world: the worst of what the tools do that it may call, by the policy. `trace` is that of its program. Unknown
 * for a function that does not say, and for a program that nobody can read.
 */
export function intentEffect(
  { tool, code, run, effect }: Intent,
  catalogue: Catalogue,
  policy: Pick<Policy, "effect">,
  trace: ProgramTrace | undefined,
): Effect {
  if (run !== undefined) return effect ?? "unknown";
  if (code !== undefined && trace === undefined) return "unknown";
  const used: (CatalogueTool | undefined)[] = trace ? [...programTools(trace, catalogue).tools] : [];
  if (trace !== undefined && usesUnknownTools(trace, catalogue)) used.push(undefined);
  if (tool !== undefined) used.push(catalogue.resolve(tool.name));
  const effects = used.map((one) => (one === undefined ? "unknown" : policy.effect(asPolicyTool(one))));
  return RANK[Math.max(0, ...effects.map((one) => RANK.indexOf(one)))]!;
}

/** Whether a program names tools that are not here now, such as those of a server that is still connecting. */
function usesUnknownTools({ uses }: ProgramTrace, catalogue: Catalogue): boolean {
  return uses.some(({ server, names = [] }) => {
    if (server !== undefined && !catalogue.servers.some(({ namespace }) => namespace === server))
      return false;
    return names.some(
      (name) => catalogue.resolve(server === undefined ? name : `${server}.${name}`) === undefined,
    );
  });
}
