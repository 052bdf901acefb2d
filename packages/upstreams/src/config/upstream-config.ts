import type { RemoteTransportType, ToolFilter } from "./parsed-servers.ts";

/** What every kind of upstream has. */
interface UpstreamCommon {
  /** Unique among the upstreams. */
  readonly name: string;
  /** Milliseconds that a call may take. Default: that of the connector, 60,000. */
  readonly callTimeoutMs?: number;
  readonly tools?: ToolFilter;
  /** Values that must not be shown or logged: expanded variables, environment values, headers. */
  readonly secrets?: readonly string[];
}

/** A server that is started as a process and spoken to over its stdin and stdout. */
export interface StdioUpstream extends UpstreamCommon {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the few variables that every server inherits. */
  readonly env: Readonly<Record<string, string>>;
  /** Default: that of this process. */
  readonly cwd?: string;
}

/** A server at an address. */
export interface RemoteUpstream extends UpstreamCommon {
  readonly kind: "remote";
  readonly url: string;
  readonly transport: RemoteTransportType;
  readonly headers: Readonly<Record<string, string>>;
}

/** A server that cannot be connected to as it is configured. It is shown as failed. */
export interface UnusableUpstream extends UpstreamCommon {
  readonly kind: "unusable";
  /** Why, and what to do. Fit to show. */
  readonly reason: string;
}

/** An upstream, ready to be connected to: every variable is expanded. */
export type UpstreamConfig = StdioUpstream | RemoteUpstream | UnusableUpstream;
