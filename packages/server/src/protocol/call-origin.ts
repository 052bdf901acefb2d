import type { ServerContext } from "@modelcontextprotocol/server";

/** Until clients authenticate, all of them are the one user of this machine. */
const LOCAL_TENANT = "local";

/** The key in a request's `_meta` by which a client without a connection of its own names its conversation. */
const SESSION_META_KEY = "mcp-optimizer/session";
const SESSION_NAME = /^[\w.-]{1,128}$/;

/** Whose request it is. */
export interface CallOrigin {
  readonly tenant: string;
  /** The connection or conversation; undefined where a client has none. */
  readonly session?: string;
}

/** Finds out whose request it is. `connection` is the id of the connection that it came by, where there is one. */
export function callOrigin({ sessionId, mcpReq }: ServerContext, connection: string | undefined): CallOrigin {
  const named: unknown = mcpReq._meta?.[SESSION_META_KEY];
  const session =
    sessionId ?? connection ?? (typeof named === "string" && SESSION_NAME.test(named) ? named : undefined);
  return { tenant: LOCAL_TENANT, ...(session !== undefined && { session }) };
}
