import { OptimizerError, type Clock, type Log } from "@mcp-optimizer/contracts";
import type { JWTPayload } from "jose";
import { systemClock } from "../system-clock.ts";
import type { Caller } from "./caller.ts";
import { isSafeUrl, type Fetch } from "./fetch-json.ts";
import { findKeys } from "./issuer-metadata.ts";
import { callerOf, type CallerClaims } from "./jwt-caller.ts";
import { createKeySource, KeysUnavailable } from "./key-source.ts";
import { invalidToken, isRefusal, type Refusal } from "./refusal.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** Whose tokens are taken, and what for. */
export interface JwtOptions extends CallerClaims {
  /** The authorization server, exactly as its tokens name it. */
  readonly issuer: string;
  /** What tokens must be for: any of these. */
  readonly audience: string | readonly string[];
  /** Where its keys are. Default: where the issuer says. */
  readonly jwksUri?: string;
  /** Default: all asymmetric ones. Others cannot be had. */
  readonly algorithms?: readonly string[];
  /** How far clocks may be apart. Default 30. */
  readonly clockToleranceSeconds?: number;
  /** Scopes without which no token is enough. Default none. */
  readonly requiredScopes?: readonly string[];
}

/** What a verifier stands on. */
export interface JwtParts {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: nothing is logged. */
  readonly log?: Log;
  /** Default: the runtime's. */
  readonly fetch?: Fetch;
  /** How long the authorization server may take to answer, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

const ASYMMETRIC: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** Kinds of token by their `typ`; one without is a plain JWT. RFC 9068 has the first, many servers still the second. */
const KINDS: ReadonlySet<string> = new Set(["at+jwt", "jwt"]);
const MAX_LENGTH = 12_288;
const MAX_ISSUER = 255;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Makes a verifier of the access tokens of one authorization server. Throws `config_invalid` for options that are not safe. */
export function createJwtVerifier(options: JwtOptions, parts: JwtParts = {}): TokenVerifier {
  const { issuer, audience, requiredScopes = [], clockToleranceSeconds: clockTolerance = 30 } = options;
  const { clock = systemClock, log = () => {}, fetch: get = fetch, timeoutMs = 5_000 } = parts;
  checkOptions(options);
  const algorithms = [...(options.algorithms ?? ASYMMETRIC)];
  const where = async (signal: AbortSignal): Promise<URL> =>
    options.jwksUri === undefined ? await findKeys(issuer, signal, get) : new URL(options.jwksUri);
  const findKey = createKeySource({ where, fetch: get, clock, log, timeoutMs });

  const claimsOf = async (token: string): Promise<{ readonly payload: JWTPayload } | Refusal> => {
    const { errors, jwtVerify } = await import("jose");
    try {
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        issuer,
        audience: typeof audience === "string" ? audience : [...audience],
        algorithms,
        clockTolerance,
        requiredClaims: ["exp"],
        currentDate: new Date(clock.now()),
      });
      const kind = (protectedHeader.typ ?? "JWT").toLowerCase().replace(/^application\//u, "");
      if (!KINDS.has(kind)) return invalidToken(`it is of the kind ${kind.slice(0, 40)}`);
      // A token that is bound to a key proves nothing in other hands, and we do not see whose these are.
      return payload["cnf"] === undefined ? { payload } : invalidToken("it is bound to a key of the client");
    } catch (error) {
      if (error instanceof KeysUnavailable) return UNAVAILABLE;
      return invalidToken(error instanceof errors.JOSEError ? `${error.code}: ${error.message}` : error);
    }
  };

  return {
    issuer,
    requiredScopes,
    takes: (token) => JWT.test(token),
    async verify(token): Promise<Caller | Refusal> {
      if (token.length > MAX_LENGTH) return invalidToken(`it is longer than ${MAX_LENGTH} characters`);
      const proven = await claimsOf(token);
      if (isRefusal(proven)) return proven;
      const caller = callerOf(proven.payload, issuer, options);
      if (typeof caller === "string") return invalidToken(caller);
      const missing = requiredScopes.filter((scope) => !caller.scopes.includes(scope));
      if (missing.length === 0) return caller;
      return { refused: "insufficient_scope", why: `the token lacks ${missing.join(", ")}` };
    },
  };
}

const UNAVAILABLE: Refusal = {
  refused: "unavailable",
  why: "the authorization server cannot be reached, so no token can be checked; try again later",
};

function checkOptions({ issuer, audience, jwksUri, algorithms = [] }: JwtOptions): void {
  const fail = (detail: string): never => {
    throw new OptimizerError("config_invalid", { detail });
  };
  for (const [name, text] of Object.entries({ issuer, ...(jwksUri !== undefined && { jwksUri }) })) {
    if (!URL.canParse(text) || !isSafeUrl(new URL(text)))
      fail(`the ${name} of the JWT must be an HTTPS address, not ${JSON.stringify(text)}`);
  }
  if (Buffer.byteLength(issuer) > MAX_ISSUER) fail(`the issuer of the JWT has more than ${MAX_ISSUER} bytes`);
  if (audience.length === 0 || [audience].flat().includes(""))
    fail("the audience of the JWT is missing: tokens for other services would be taken");
  const weak = algorithms.find((name) => !ASYMMETRIC.includes(name));
  if (weak !== undefined)
    fail(`JWT algorithms can be ${ASYMMETRIC.join(", ")}, and not ${JSON.stringify(weak)}`);
}
