/** What a stdio entry says, variables unexpanded. */
export interface ParsedStdioServer {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A file of `NAME=value` lines; `env` wins over it. */
  readonly envFile?: string;
}

/** How a remote server is spoken to: streamable HTTP, the old HTTP+SSE, or HTTP first and SSE when that is refused. */
export type RemoteTransportType = "auto" | "http" | "sse";

/** What a remote entry says, variables unexpanded. */
export interface ParsedRemoteServer {
  readonly kind: "remote";
  readonly url: string;
  readonly transport: RemoteTransportType;
  readonly headers: Readonly<Record<string, string>>;
}

/** An entry that is well formed and cannot be used. */
export interface UnusableServer {
  readonly kind: "unusable";
  /** Why, and what to do. Fit to show. */
  readonly reason: string;
}

/** Which tools of a server are offered. A tool that is denied is not offered even when it is allowed. */
export interface ToolFilter {
  /** Only these; absent means all. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** One entry of a configuration, variables unexpanded. */
export interface ParsedServer {
  readonly name: string;
  /** Its line in the file, from 1. */
  readonly line: number;
  readonly target: ParsedStdioServer | ParsedRemoteServer | UnusableServer;
  /** Milliseconds that a call may take. */
  readonly callTimeoutMs?: number;
  readonly tools?: ToolFilter;
}

/** Something in a configuration that an operator should know and that stops nothing. */
export interface ConfigNote {
  readonly server?: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** What a configuration file says about servers. Nothing is expanded, nothing was read or started. */
export interface ParsedServers {
  /** The name of the file, for messages. */
  readonly file: string;
  readonly servers: readonly ParsedServer[];
  readonly notes: readonly ConfigNote[];
}
