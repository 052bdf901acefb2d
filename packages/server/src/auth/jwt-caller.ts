import type { JWTPayload } from "jose";
import { LOCAL_CALLER, type Caller } from "./caller.ts";

/** Which claims say who a token was given to. */
export interface CallerClaims {
  /** Says the tenant. Default: none does. */
  readonly tenantClaim?: string;
  /** Has the scopes: a text with spaces between, or a list. Default: `scope`, else `scp`. */
  readonly scopeClaim?: string;
  /** Says who of the tenant it is. Default `sub`. */
  readonly principalClaim?: string;
}

/** In bytes. Stores take names of 512, and a principal is named by its issuer, too. */
const MAX_NAME = 256;
const MAX_SCOPES = 500;
/** RFC 6749, appendix A.4. */
const SCOPE = /^[!#-[\]-~]{1,256}$/;

/**
 * Reads who a token was given to; a text that says what is missing where that cannot be known. A principal is named by issuer and subject, as it is
 * unique by both, and is a tenant of its own unless a claim says otherwise: nobody shares anything by accident.
 */
export function callerOf(payload: JWTPayload, issuer: string, claims: CallerClaims): Caller | string {
  const { tenantClaim, scopeClaim, principalClaim = "sub" } = claims;
  const subject = nameIn(payload, principalClaim);
  if (subject === undefined) return `the claim ${principalClaim} names nobody`;
  const principal = `${issuer}|${subject}`;
  const named = tenantClaim === undefined ? undefined : payload[tenantClaim];
  const tenant = named === undefined ? principal : nameIn(payload, tenantClaim!);
  // Nobody may call itself what another is called by default, nor what the user of this machine is.
  const isTaken = named !== undefined && (tenant?.includes("|") === true || tenant === LOCAL_CALLER.tenant);
  if (tenant === undefined || isTaken) {
    return `the claim ${tenantClaim} names no tenant`;
  }
  const scopes = scopesIn(
    scopeClaim === undefined ? (payload["scope"] ?? payload["scp"]) : payload[scopeClaim],
  );
  return { tenant, principal, scopes, ...(payload.exp !== undefined && { expiresAt: payload.exp * 1_000 }) };
}

function nameIn(payload: JWTPayload, claim: string): string | undefined {
  const value = payload[claim];
  const isName =
    typeof value === "string" &&
    value !== "" &&
    Buffer.byteLength(value) <= MAX_NAME &&
    !/\p{C}/u.test(value);
  return isName ? value : undefined;
}

/** What is no scope grants nothing. */
function scopesIn(value: unknown): string[] {
  const all: readonly unknown[] =
    typeof value === "string" ? value.split(" ") : Array.isArray(value) ? value : [];
  const scopes = all.filter((one): one is string => typeof one === "string" && SCOPE.test(one));
  return [...new Set(scopes)].slice(0, MAX_SCOPES);
}
