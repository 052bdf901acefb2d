import { timingSafeEqual } from "node:crypto";
import { OptimizerError, type Clock } from "@mcp-optimizer/contracts";
import { systemClock } from "../system-clock.ts";
import type { Caller } from "./caller.ts";
import { invalidToken } from "./refusal.ts";
import { digestOf, isStaticToken } from "./static-token.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** A token as the configuration has it. */
export interface StaticToken {
  /** Unique. */
  readonly name: string;
  /** `sha256:` and 64 hexadecimal digits: never the token itself. */
  readonly hash: string;
  /** Whose calls it makes. Default: the token's name, so that nobody shares anything by accident. */
  readonly tenant?: string;
  /** Who of the tenant has it. Default: the token's name. */
  readonly principal?: string;
  /** What it grants, as policy rules name it. Default none. */
  readonly scopes?: readonly string[];
  /** A date and time after which it is refused. Default: never. */
  readonly expires?: string;
}

const HASH = /^sha256:[0-9a-f]{64}$/;

interface KnownToken {
  readonly digest: Buffer;
  readonly caller: Caller;
}

/**
 * Makes a verifier of tokens that the configuration lists. Throws `config_invalid` for two of one name or hash, and for a hash or date that is
 * none. A token is compared by its digest, with all of them, in constant time.
 */
export function createStaticTokens(
  tokens: readonly StaticToken[],
  clock: Pick<Clock, "now"> = systemClock,
): TokenVerifier {
  const known = tokens.map(knownToken);
  for (const key of ["name", "hash"] as const) {
    const twin = tokens.find((one, index) => tokens.findIndex((other) => other[key] === one[key]) < index);
    if (twin !== undefined) throw invalid(twin, `has a ${key} that another token has`);
  }
  return {
    takes: isStaticToken,
    async verify(token) {
      const digest = digestOf(token);
      let caller: Caller | undefined;
      for (const one of known) if (timingSafeEqual(one.digest, digest)) ({ caller } = one);
      if (caller === undefined) return invalidToken("no token of the configuration has its hash");
      const { expiresAt = Infinity, principal } = caller;
      return expiresAt <= clock.now() ? invalidToken(`the token of ${principal} has expired`) : caller;
    },
  };
}

function knownToken(token: StaticToken): KnownToken {
  const { name, hash, tenant = name, principal = name, scopes = [], expires } = token;
  if (name === "" || tenant === "" || principal === "") throw invalid(token, "has a name that is empty");
  if (!HASH.test(hash)) {
    throw invalid(token, "has no hash of the form sha256:…; mcp-optimizer auth token makes one");
  }
  const expiresAt = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(expiresAt)) throw invalid(token, "has an expiry that is no date, such as 2027-01-31");
  const digest = Buffer.from(hash.slice("sha256:".length), "hex");
  return { digest, caller: { tenant, principal, scopes, ...(expiresAt !== undefined && { expiresAt }) } };
}

const invalid = ({ name }: StaticToken, why: string): OptimizerError =>
  new OptimizerError("config_invalid", { detail: `the token ${JSON.stringify(name)} ${why}` });
