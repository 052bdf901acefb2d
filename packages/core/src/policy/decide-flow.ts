import type { PolicyVerdict } from "@mcp-optimizer/contracts";
import type { CallInQuestion } from "./decide-call.ts";
import type { FlowRule } from "./policy-rules.ts";
import { fitsWildcard } from "./wildcard.ts";

/**
 * What the rules on the flow of data say of a call; undefined where none speaks of it. A run that has any result of a server counts as carrying it:
 * programs may change values beyond recognition.
 */
export function decideFlow(
  { server, effect, sources = [] }: CallInQuestion,
  rules: readonly FlowRule[] = [],
): PolicyVerdict | undefined {
  if (effect === "read") return undefined;
  const speaking = rules.flatMap(({ from, to, decide = "ask" }) => {
    if (!fitsWildcard(server, to)) return [];
    const source = sources.find((name) => name !== server && fitsWildcard(name, from));
    return source === undefined ? [] : [{ decide, reason: `what ${source} gave may go to ${server}` }];
  });
  return speaking.find(({ decide }) => decide === "deny") ?? speaking[0];
}
