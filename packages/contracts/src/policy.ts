import type { JsonObject } from "./json.ts";
import type { ToolAnnotations } from "./tool.ts";

/** A tool call about to be made. */
export interface PolicyCall {
  readonly tenant: string;
  readonly server: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly annotations: ToolAnnotations;
}

/** The answer of a policy. A reason is shown to the caller. */
export type PolicyVerdict = { readonly allow: true } | { readonly allow: false; readonly reason: string };

/** Decides on each tool call, before the server sees it. A policy that throws denies. */
export interface Policy {
  decide(call: PolicyCall): PolicyVerdict | Promise<PolicyVerdict>;
}
