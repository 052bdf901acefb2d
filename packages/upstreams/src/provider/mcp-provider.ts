import {
  OptimizerError,
  type Clock,
  type JsonObject,
  type Log,
  type ProviderOrigin,
  type ProviderStatus,
  type ToolCallOptions,
  type ToolDefinition,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { ToolFilter } from "../config/parsed-servers.ts";
import type { Redactor } from "../redactor.ts";
import { createBackoff, type Backoff } from "./backoff.ts";
import { toCallError } from "./call-error.ts";
import { ConnectionFault } from "./connection-fault.ts";
import type { Connection, Connector } from "./connection.ts";
import { listTools } from "./list-tools.ts";
import { listenForChanges } from "./listen-for-changes.ts";
import { toRequestOptions } from "./to-request-options.ts";
import { createToolRefresher, type ToolRefresher } from "./tool-refresher.ts";
import { ToolResultSchema } from "./tool-result-schema.ts";

/** What a provider over MCP is made of. */
export interface McpProviderParts {
  readonly name: string;
  readonly origin: ProviderOrigin;
  readonly connect: Connector;
  readonly filter: ToolFilter;
  /** Whether to try again after a first attempt that failed, as for a network that may come up later. */
  readonly retryFirst: boolean;
  readonly connectTimeoutMs: number;
  readonly callTimeoutMs: number;
  /** How long to wait for further `list_changed` notifications before the list is fetched. */
  readonly debounceMs: number;
  readonly reconnect: { readonly initialMs: number; readonly maxMs: number };
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Redactor;
  /** Frees what the connector holds, after the last connection was closed. */
  readonly onDispose?: () => void;
}

/** How long a connection must last for the next pause to be short again. */
const STABLE_MS = 30_000;

/** A tool provider over one MCP server: connects at once, and again with growing pauses after it was lost. */
export class McpProvider implements ToolProvider {
  readonly name: string;
  readonly origin: ProviderOrigin;
  readonly #parts: McpProviderParts;
  readonly #backoff: Backoff;
  readonly #disposal = new AbortController();
  readonly #listeners = new Set<() => void>();
  #status: ProviderStatus = { state: "connecting" };
  #tools: readonly ToolDefinition[] = [];
  #connection: Connection | undefined;
  #attempt: Promise<void>;
  #refresher: ToolRefresher | undefined;
  readonly #cancelTimers = new Set<() => void>();
  #disposed: Promise<void> | undefined;

  constructor(parts: McpProviderParts) {
    this.name = parts.name;
    this.origin = parts.origin;
    this.#parts = parts;
    this.#backoff = createBackoff({
      ...parts.reconnect,
      stableMs: STABLE_MS,
      elapsed: () => parts.clock.elapsed(),
    });
    this.#attempt = this.#connect(parts.retryFirst);
  }

  get status(): ProviderStatus {
    return this.#status;
  }

  get tools(): readonly ToolDefinition[] {
    return this.#tools;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async callTool(name: string, args: JsonObject, options: ToolCallOptions = {}): Promise<ToolResult> {
    const { signal } = options;
    const connection = await this.#ready(signal);
    this.#refuseHidden(name);
    const timeoutMs = this.#parts.callTimeoutMs;
    const definition = this.#tools.find((tool) => tool.name === name);
    const headers = definition === undefined ? undefined : connection.callHeaders?.(definition, args);
    const request = toRequestOptions(options, timeoutMs, headers);
    try {
      return await connection.client.requestRaw(
        "tools/call",
        { name, arguments: args },
        ToolResultSchema,
        request,
      );
    } catch (error) {
      const { fault } = connection;
      throw toCallError(error, {
        server: this.name,
        tool: name,
        timeoutMs,
        signal,
        fault,
        redact: this.#parts.redact,
      });
    }
  }

  relist(): void {
    this.#refresher?.changed();
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  async #close(): Promise<void> {
    this.#disposal.abort(new ConnectionFault("was closed"));
    for (const cancel of this.#cancelTimers) cancel();
    this.#refresher?.stop();
    await this.#attempt;
    await this.#connection?.close();
    this.#parts.onDispose?.();
  }

  /** The connection, waited for while it is being made. */
  async #ready(signal: AbortSignal | undefined): Promise<Connection> {
    const refuse = (code: "cancelled" | "upstream_failed", detail: string): OptimizerError =>
      new OptimizerError(code, { detail, data: { server: this.name, notApplied: true } });
    if (this.#status.state === "connecting" && this.#disposed === undefined) {
      const aborted = Promise.withResolvers<void>();
      const abort = (): void => aborted.resolve();
      signal?.addEventListener("abort", abort, { once: true });
      await Promise.race([this.#attempt, aborted.promise]);
      signal?.removeEventListener("abort", abort);
    }
    if (signal?.aborted === true) throw refuse("cancelled", `the call at "${this.name}" was cancelled`);
    if (this.#disposed !== undefined)
      throw refuse("upstream_failed", `the connection to "${this.name}" is closed`);
    if (this.#status.state === "ready" && this.#connection !== undefined) return this.#connection;
    const reason = this.#status.state === "failed" ? this.#status.reason : "is connecting";
    throw refuse("upstream_failed", `"${this.name}" ${reason}`);
  }

  #refuseHidden(tool: string): void {
    if (isOffered(tool, this.#parts.filter)) return;
    throw new OptimizerError("policy_denied", {
      detail: `the configuration of "${this.name}" does not offer ${tool}`,
      data: { server: this.name, tool },
    });
  }

  async #connect(retry: boolean): Promise<void> {
    const { clock, connectTimeoutMs, redact } = this.#parts;
    const deadline = new AbortController();
    let stage = "finish the handshake";
    const cancel = clock.schedule(connectTimeoutMs, () => {
      deadline.abort(new ConnectionFault(`did not ${stage} within ${connectTimeoutMs / 1000} s`));
    });
    const signal = AbortSignal.any([deadline.signal, this.#disposal.signal]);
    let connection: Connection | undefined;
    try {
      connection = await this.#parts.connect(signal);
      stage = "list its tools";
      const made = connection;
      const refresher = createToolRefresher(() => this.#refresh(made), this.#parts.debounceMs, clock);
      this.#refresher = refresher;
      await listenForChanges(made.client, () => refresher.changed(), {
        ...this.#parts,
        signal: this.#disposal.signal,
      });
      const tools = await this.#list(made, signal);
      if (made.fault !== undefined) throw made.fault;
      this.#connection = made;
      this.#backoff.succeeded();
      made.onLost((fault) => {
        refresher.stop();
        this.#lost(fault);
      });
      refresher.start();
      this.#change({ state: "ready" }, tools);
    } catch (error) {
      const fault = toFault(signal.aborted ? signal.reason : error, error, stage, connection, redact);
      await connection?.close().catch(() => {});
      if (!this.#disposal.signal.aborted) this.#fail(fault.message, fault, retry);
    } finally {
      cancel();
    }
  }

  async #refresh(connection: Connection): Promise<void> {
    try {
      const tools = await this.#list(connection, this.#disposal.signal);
      if (this.#connection === connection) this.#change({ state: "ready" }, tools);
    } catch (cause) {
      if (this.#connection !== connection || this.#disposed !== undefined) return;
      this.#log("warn", "The changed tool list could not be fetched; the old one stays", { cause });
    }
  }

  async #list(connection: Connection, signal: AbortSignal): Promise<readonly ToolDefinition[]> {
    const timeoutMs = this.#parts.connectTimeoutMs;
    const onProblem = (problem: string): void => this.#log("warn", `Tool left out: ${problem}`);
    const tools = await listTools(connection.client, { timeoutMs, signal, onProblem });
    return tools.filter((tool) => {
      const refusal = connection.refuseTool?.(tool);
      if (refusal !== undefined) onProblem(`${tool.name}: ${refusal}`);
      return refusal === undefined && isOffered(tool.name, this.#parts.filter);
    });
  }

  #lost(fault: ConnectionFault): void {
    const connection = this.#connection;
    this.#connection = undefined;
    // Close before the next start: the old process must be gone.
    const closed = connection?.close().catch(() => {});
    this.#fail(fault.message, fault, true, closed);
  }

  #fail(reason: string, cause: unknown, retry: boolean, after: Promise<void> = Promise.resolve()): void {
    if (this.#disposed !== undefined) return;
    const pause = retry ? this.#backoff.next() : undefined;
    const shown = pause === undefined ? reason : `${reason}; it is tried again in ${pause / 1000} s`;
    this.#log("warn", `MCP server failed: ${shown}`, { cause });
    if (pause !== undefined) {
      this.#later(pause, () => {
        this.#attempt = after.then(() => this.#connect(true));
        this.#change({ state: "connecting" });
      });
    }
    this.#change({ state: "failed", reason: shown });
  }

  #later(ms: number, callback: () => void): void {
    const cancel = this.#parts.clock.schedule(ms, () => {
      this.#cancelTimers.delete(cancel);
      callback();
    });
    this.#cancelTimers.add(cancel);
  }

  #change(status: ProviderStatus, tools: readonly ToolDefinition[] = this.#tools): void {
    this.#status = status;
    this.#tools = tools;
    for (const listener of this.#listeners) listener();
  }

  #log(level: "warn" | "debug", message: string, more: { readonly cause?: unknown } = {}): void {
    this.#parts.log({ level, message, fields: { server: this.name }, ...more });
  }
}

function isOffered(tool: string, filter: ToolFilter): boolean {
  return (filter.allow?.includes(tool) ?? true) && !(filter.deny?.includes(tool) ?? false);
}

/** Why connecting failed. The connector's own words are the best; a connection that is there can add what was said. */
function toFault(
  reason: unknown,
  error: unknown,
  stage: string,
  connection: Connection | undefined,
  redact: Redactor,
): ConnectionFault {
  if (error instanceof ConnectionFault) return error;
  if (connection?.fault !== undefined) return connection.fault;
  const said = error instanceof Error ? redact(error.message, 300) : "unknown error";
  const fault = reason instanceof ConnectionFault ? reason : new ConnectionFault(`did not ${stage}: ${said}`);
  return fault.with(connection?.diagnosis() ?? "");
}
