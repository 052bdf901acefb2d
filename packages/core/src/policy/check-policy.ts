import { findRuleProblem, type PolicySettings } from "./policy-rules.ts";
import { coversWildcard } from "./wildcard.ts";

/** A part of a policy that can never apply. */
export interface PolicyProblem {
  /** Keys from the policy down. */
  readonly path: readonly (string | number)[];
  /** What is wrong, and what there is instead. */
  readonly message: string;
}

/** The first part of a policy that can never apply to these servers: an unknown server, or a rule that another takes everything from. */
export function checkPolicy(settings: PolicySettings, servers: readonly string[]): PolicyProblem | undefined {
  const { rules = [], flows = [], trustAnnotations = [] } = settings;
  const problem = (path: PolicyProblem["path"], why: string): PolicyProblem => ({
    path,
    message: `can never apply: ${why}`,
  });
  const unknown = (path: PolicyProblem["path"], pattern: string): PolicyProblem[] =>
    servers.some((server) => coversWildcard(pattern, server))
      ? []
      : [problem(path, `there is no server ${JSON.stringify(pattern)}; there are ${servers.join(", ")}`)];
  const ofTools = (key: "effects" | "repeatable" | "idempotencyKeys"): PolicyProblem[] => {
    const value = settings[key] ?? [];
    const tools: readonly string[] = Array.isArray(value) ? value : Object.keys(value);
    return tools.flatMap((pattern, index) =>
      fitsSomeTool(pattern, servers)
        ? []
        : [
            problem(
              [key, Array.isArray(value) ? index : pattern],
              `a tool is written server.tool, and the servers are ${servers.join(", ")}`,
            ),
          ],
    );
  };
  const ofRules = rules.flatMap((_rule, index) => {
    const why = findRuleProblem(rules, index, servers);
    return why === undefined ? [] : [problem(["rules", index], why)];
  });
  const ofFlows = flows.flatMap(({ from, to }, index) => [
    ...unknown(["flows", index, "from"], from),
    ...unknown(["flows", index, "to"], to),
    ...(from === to && !from.includes("*")
      ? [problem(["flows", index], `it stays in ${JSON.stringify(from)}`)]
      : []),
  ]);
  const ofTrust = trustAnnotations.flatMap((pattern, index) => unknown(["trustAnnotations", index], pattern));
  return [
    ...ofRules,
    ...ofFlows,
    ...ofTrust,
    ...ofTools("effects"),
    ...ofTools("repeatable"),
    ...ofTools("idempotencyKeys"),
  ][0];
}

/** Whether a pattern fits a name that begins with a server's and a dot. */
export function fitsSomeTool(pattern: string, servers: readonly string[]): boolean {
  const star = pattern.indexOf("*");
  const head = star < 0 ? pattern : pattern.slice(0, star);
  return servers.some((server) => {
    const start = `${server}.`;
    return star < 0 ? head.startsWith(start) : start.startsWith(head) || head.startsWith(start);
  });
}
