import type { Effect } from "./effect.ts";
import type { JsonObject } from "./json.ts";
import type { ToolAnnotations } from "./tool.ts";

/** A tool of a server, as a policy looks at it. */
export interface PolicyTool {
  /** The server's configured name. */
  readonly server: string;
  /** The tool's own name. */
  readonly name: string;
  readonly annotations: ToolAnnotations;
  /** Names of its arguments. */
  readonly parameters?: readonly string[];
}

/** A tool call about to be made. */
export interface PolicyCall {
  readonly tenant: string;
  readonly session?: string;
  /** What the caller was granted. Default none. */
  readonly scopes?: readonly string[];
  readonly tool: PolicyTool;
  readonly args: JsonObject;
  /** Servers whose results have reached the run that calls. Default none. */
  readonly sources?: readonly string[];
}

/** What a policy decides. `ask`: the call waits for a person's approval. */
export type Decision = "allow" | "ask" | "deny";

/** The answer of a policy. */
export interface PolicyVerdict {
  readonly decide: Decision;
  /** Shown to whoever is refused or asked. */
  readonly reason: string;
}

/** Decides on each tool call, before the server sees it. A policy that throws denies. */
export interface Policy {
  /** What a tool does to the world, as far as is known. */
  effect(tool: PolicyTool): Effect;
  /** Whether calling a tool twice does no harm. */
  repeatable(tool: PolicyTool): boolean;
  /** Whether no call of a tenant, by a caller with these scopes, can ever reach a tool: it is not shown then. */
  hides(tool: PolicyTool, tenant: string, scopes?: readonly string[]): boolean;
  /** Whether some call of a tool would be asked about. */
  mayAsk(tool: PolicyTool, tenant: string, scopes?: readonly string[]): boolean;
  /** The argument under which a tool takes a key that makes a repeated call harmless; undefined when it takes none. */
  idempotencyKey(tool: PolicyTool): string | undefined;
  decide(call: PolicyCall): PolicyVerdict | Promise<PolicyVerdict>;
}
