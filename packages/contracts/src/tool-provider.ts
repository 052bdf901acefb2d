import type { ApprovalGrant, PendingApproval } from "./approval.ts";
import type { JsonObject } from "./json.ts";
import type { ToolDefinition, ToolResult } from "./tool.ts";

/** How a provider stands: still connecting, ready, or failed with a reason fit to show. */
export type ProviderStatus =
  | { readonly state: "connecting" }
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly reason: string };

/** Progress of a call, as the server reports it. */
export interface ToolProgress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** The run that a call is part of. Only the engine makes one. */
export interface RunScope {
  readonly runId: string;
}

/** Options of one tool call. */
export interface ToolCallOptions {
  /** Aborting it cancels the call at the server. */
  readonly signal?: AbortSignal;
  /** Called with each progress notification. Without it, none is asked for. */
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Whose call it is. Default `local`. */
  readonly tenant?: string;
  /** Who of the tenant calls. Default: the tenant's name. */
  readonly principal?: string;
  /** What the caller was granted, as policy rules name it. Default none. */
  readonly scopes?: readonly string[];
  /** The connection or conversation that it belongs to. Default none. */
  readonly session?: string;
  /** The connection that it came by, under a name that no client can choose or guess: variables of programs follow it. Default none. */
  readonly connection?: string;
  /** The run that makes the call. */
  readonly within?: RunScope;
}

/** Options of a call that a client makes. */
export interface ServedCallOptions extends ToolCallOptions {
  /** The answer to what an earlier call of the same tool with the same arguments asked for. */
  readonly approval?: ApprovalGrant;
  /** Told when a person has to decide first, before the call resolves with an `approval_required` error result. */
  readonly onApproval?: (pending: PendingApproval) => void;
  /** Told the id of the run that the call begins, where it begins one, before anything happens. */
  readonly onRun?: (runId: string) => void;
  /** Waits for the end of a run however long it takes. Default false: a long one is answered with its id. */
  readonly untilDone?: boolean;
}

/** What a provider's answers come from. */
export interface ProviderOrigin {
  /** Another text for another address, command, environment or credentials. It is kept with answers: weak credentials must be slow to guess from it. */
  readonly digest: string;
  /** Whether the server is started by this process and ends with it: another process has another, with a memory of its own. */
  readonly own: boolean;
}

/** A source of tools: one MCP server, or an adaptor. */
export interface ToolProvider {
  /** The configured name; unique in an optimizer. */
  readonly name: string;
  /** What was answered to another process counts while this is the same. Default: whenever the name is. */
  readonly origin?: ProviderOrigin;
  /** How the provider stands now. */
  readonly status: ProviderStatus;
  /**
   * Whether a tool does nothing but call other tools, within the run that called it: what it does is decided, logged and limited there, call
   * by call. Default: none does.
   */
  composes?(tool: string): boolean;
  /** The tools of the last successful listing; empty before it. The array is replaced, never changed. */
  readonly tools: readonly ToolDefinition[];
  /** Lists the tools again, soon: another process was told that they changed. Default: they never do without word of it. */
  relist?(): void;
  /** Calls the listener after `status` or `tools` changed. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
  /**
   * Calls a tool by its own name. Resolves with the server's result, `isError` included.
   * Rejects with OptimizerError `upstream_failed` (server away, protocol error), `timeout`, `cancelled`, `output_limit`
   * or `policy_denied` (a tool that the configuration does not offer). `data.notApplied` is true where the call certainly had no effect.
   */
  callTool(name: string, args: JsonObject, options?: ToolCallOptions): Promise<ToolResult>;
  /** Closes the provider. Idempotent; pending calls reject. */
  dispose(): Promise<void>;
}
