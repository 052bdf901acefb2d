import type { JsonObject, ToolDefinition } from "@mcp-optimizer/contracts";
import type { ConnectionFault } from "./connection-fault.ts";
import type { FaithfulClient } from "./faithful-client.ts";

/** An MCP connection after its handshake. */
export interface Connection {
  readonly client: FaithfulClient;
  /** Why it ended by itself; undefined while it lives, and after {@link close}. */
  readonly fault: ConnectionFault | undefined;
  /** Calls the listener once, when the connection ended by itself. */
  onLost(listener: (fault: ConnectionFault) => void): void;
  /** What the server said aside, such as the end of its stderr; empty when there is nothing. */
  diagnosis(): string;
  /** Why the transport cannot carry calls of a tool; undefined when it can. */
  refuseTool?(tool: ToolDefinition): string | undefined;
  /** HTTP headers that go with a call. */
  callHeaders?(tool: ToolDefinition, args: JsonObject): Record<string, string>;
  /** Ends the connection, and its process if there is one. Idempotent. */
  close(): Promise<void>;
}

/** Makes a connection. Rejects with a ConnectionFault, or when the signal aborts; leaves nothing open then. */
export type Connector = (signal: AbortSignal) => Promise<Connection>;
