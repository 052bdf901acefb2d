import type { ServerContext } from "@modelcontextprotocol/server";
import { callerIn } from "../auth/caller.ts";

/** The key in a request's `_meta` by which a client without a connection of its own names its conversation. */
const SESSION_META_KEY = "mcp-optimizer/session";
const SESSION_NAME = /^[\w.-]{1,128}$/;

/** Whose request it is. */
export interface CallOrigin {
  readonly tenant: string;
  readonly principal: string;
  readonly scopes: readonly string[];
  /** The connection or conversation; undefined where a client has none. */
  readonly session?: string;
  /** The connection alone, by the name that we gave it; undefined where a client has none. */
  readonly connection?: string;
}

/** Finds out whose request it is. `connection` is the id of the connection that it came by, where there is one. */
export function callOrigin(
  { sessionId, mcpReq, http }: ServerContext,
  connection: string | undefined,
): CallOrigin {
  const { tenant, principal, scopes } = callerIn(http?.authInfo);
  const named: unknown = mcpReq._meta?.[SESSION_META_KEY];
  const own = sessionId ?? connection;
  const session = own ?? (typeof named === "string" && SESSION_NAME.test(named) ? named : undefined);
  return {
    tenant,
    principal,
    scopes,
    ...(session !== undefined && { session }),
    ...(own !== undefined && { connection: own }),
  };
}
