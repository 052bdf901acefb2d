import type { Policy, PolicyTool } from "@mcp-optimizer/contracts";
import { decideCall, isDenied, mayAsk, type CallInQuestion } from "./decide-call.ts";
import type { PolicySettings } from "./policy-rules.ts";
import { idempotencyKey, isRepeatable, toolEffect } from "./tool-effect.ts";

/** A policy from its settings. Without any, every call is allowed, and only what a trusted server says is known of a tool's effect. */
export function createPolicy(settings: PolicySettings = {}): Policy {
  const callOf = (
    tool: PolicyTool,
    tenant: string,
    scopes: readonly string[] = [],
  ): Omit<CallInQuestion, "args"> => {
    const { server, name } = tool;
    return { server, tool: name, effect: toolEffect(tool, settings), tenant, scopes };
  };
  return {
    effect: (tool) => toolEffect(tool, settings),
    repeatable: (tool) => isRepeatable(tool, settings),
    hides: (tool, tenant, scopes) => isDenied(callOf(tool, tenant, scopes), settings),
    mayAsk: (tool, tenant, scopes) => mayAsk(callOf(tool, tenant, scopes), settings),
    idempotencyKey: (tool) => idempotencyKey(tool, settings),
    decide: ({ tool, tenant, scopes, session, args, sources = [] }) =>
      decideCall({ ...callOf(tool, tenant, scopes), session, args, sources }, settings),
  };
}
