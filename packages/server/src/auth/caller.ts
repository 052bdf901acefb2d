import type { AuthInfo } from "@modelcontextprotocol/server";

/** Who makes a request. */
export interface Caller {
  readonly tenant: string;
  /** Who of the tenant it is. */
  readonly principal: string;
  /** What the caller was granted, as policy rules name it. */
  readonly scopes: readonly string[];
  /** When the proof of it ends, in milliseconds since the epoch. Default: never. */
  readonly expiresAt?: number;
}

/** Whoever can reach a service without authentication is the one user of this machine. */
export const LOCAL_CALLER: Caller = { tenant: "local", principal: "local", scopes: [] };

/** A caller as the SDK takes it along with a request. The token stays behind. */
export function toAuthInfo({ tenant, principal, scopes, expiresAt }: Caller): AuthInfo {
  return {
    token: "",
    clientId: principal,
    scopes: [...scopes],
    ...(expiresAt !== undefined && { expiresAt: Math.floor(expiresAt / 1_000) }),
    extra: { tenant },
  };
}

/** The caller that {@link toAuthInfo} made; {@link LOCAL_CALLER} where a request has none. */
export function callerIn(info: AuthInfo | undefined): Caller {
  if (info === undefined) return LOCAL_CALLER;
  const { clientId, scopes, extra, expiresAt } = info;
  return {
    tenant: String(extra?.["tenant"]),
    principal: clientId,
    scopes,
    ...(expiresAt !== undefined && { expiresAt: expiresAt * 1_000 }),
  };
}
