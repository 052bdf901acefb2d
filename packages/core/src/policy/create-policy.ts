import type { Policy } from "@mcp-optimizer/contracts";
import { decideCall, isDenied } from "./decide-call.ts";
import type { PolicySettings } from "./policy-rules.ts";
import { isRepeatable, toolEffect } from "./tool-effect.ts";

/** A policy from its settings. Without any, every call is allowed, and only what a trusted server says is known of a tool's effect. */
export function createPolicy(settings: PolicySettings = {}): Policy {
  return {
    effect: (tool) => toolEffect(tool, settings),
    repeatable: (tool) => isRepeatable(tool, settings),
    hides: (tool, tenant) => {
      const { server, name } = tool;
      return isDenied({ server, tool: name, tenant, effect: toolEffect(tool, settings) }, settings);
    },
    decide: ({ tool, tenant, session, args }) =>
      decideCall(
        { server: tool.server, tool: tool.name, effect: toolEffect(tool, settings), tenant, session, args },
        settings,
      ),
  };
}
