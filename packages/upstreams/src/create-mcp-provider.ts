import type { Clock, Log, ToolProvider } from "@mcp-optimizer/contracts";
import type { UpstreamConfig } from "./config/upstream-config.ts";
import { ConnectionFault } from "./provider/connection-fault.ts";
import type { Connector } from "./provider/connection.ts";
import type { ClientInfo } from "./provider/create-client.ts";
import { McpProvider } from "./provider/mcp-provider.ts";
import { originOf } from "./provider/origin-of.ts";
import { createRedactor, type Redactor } from "./redactor.ts";
import { createRemoteConnector } from "./remote/connect-remote.ts";
import { createStdioConnector } from "./stdio/connect-stdio.ts";
import { createWatchdog, type Watchdog } from "./stdio/watchdog.ts";
import { systemClock } from "./system-clock.ts";

/** How upstreams are connected to. */
export interface ConnectOptions {
  readonly log: Log;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Milliseconds from the start of a server to its tools. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that a call may take; progress that was asked for starts the time anew. Default 60,000. */
  readonly callTimeoutMs?: number;
  /** Milliseconds to wait for an answer to `server/discover` before `initialize` is tried. Default 3,000. */
  readonly probeTimeoutMs?: number;
  /** Milliseconds before SIGTERM, and again before SIGKILL, when a server is closed. Default 2,000. */
  readonly closeGraceMs?: number;
  /** Milliseconds to gather notifications of changed tools. Default 100. */
  readonly debounceMs?: number;
  /** Bytes of one message of a server. Default 256 MiB. */
  readonly maxMessageBytes?: number;
  /** Pauses before a lost server is connected to again. Default: 250 ms at first, 30 s at most. */
  readonly reconnect?: { readonly initialMs: number; readonly maxMs: number };
  /** How we introduce ourselves. Default `mcp-optimizer` 0.1.0. */
  readonly clientInfo?: ClientInfo;
  /** Default: the global one. What another adds to requests is not known here: answers of servers at addresses count for their provider alone. */
  readonly fetch?: typeof fetch;
}

/** Options of {@link createMcpProvider}. */
export interface McpProviderOptions extends ConnectOptions {
  /** Ends stdio servers when this process dies. Default: an own one, ended with the provider. */
  readonly watchdog?: Watchdog;
}

/** A provider over one MCP server. It begins to connect at once; `status` and `onChange` tell how that goes. */
export function createMcpProvider(config: UpstreamConfig, options: McpProviderOptions): ToolProvider {
  const { log, clock = systemClock, connectTimeoutMs = 30_000, closeGraceMs = 2_000 } = options;
  const redact = createRedactor(config.secrets);
  const own = options.watchdog === undefined && config.kind === "stdio" ? createWatchdog(log) : undefined;
  const common = {
    clock,
    log,
    redact,
    closeGraceMs,
    clientInfo: options.clientInfo ?? { name: "mcp-optimizer", version: "0.1.0" },
    probeTimeoutMs: Math.min(options.probeTimeoutMs ?? 3_000, connectTimeoutMs / 3),
    maxMessageBytes: options.maxMessageBytes ?? 256 * 1024 * 1024,
    // The provider's own deadline comes first and knows better what to say.
    timeoutMs: connectTimeoutMs * 2,
  };
  return new McpProvider({
    name: config.name,
    origin: originOf(config, options.fetch),
    connect: connectorFor(config, { ...common, watchdog: options.watchdog ?? own }, options.fetch),
    filter: config.tools ?? {},
    retryFirst: config.kind === "remote",
    connectTimeoutMs,
    callTimeoutMs: config.callTimeoutMs ?? options.callTimeoutMs ?? 60_000,
    debounceMs: options.debounceMs ?? 100,
    reconnect: options.reconnect ?? { initialMs: 250, maxMs: 30_000 },
    clock,
    log,
    redact,
    ...(own === undefined ? {} : { onDispose: () => own.dispose() }),
  });
}

interface ConnectorParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly redact: Redactor;
  readonly closeGraceMs: number;
  readonly clientInfo: ClientInfo;
  readonly probeTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly timeoutMs: number;
  readonly watchdog: Watchdog | undefined;
}

function connectorFor(
  config: UpstreamConfig,
  parts: ConnectorParts,
  fetchImpl: typeof fetch | undefined,
): Connector {
  if (config.kind === "unusable") return () => Promise.reject(new ConnectionFault(config.reason));
  if (config.kind === "stdio") return createStdioConnector(config, { ...parts, watchdog: parts.watchdog! });
  return createRemoteConnector(config, {
    ...parts,
    ...(fetchImpl === undefined ? {} : { fetch: fetchImpl }),
  });
}
