import type { Caller } from "./caller.ts";
import type { Refusal } from "./refusal.ts";

/** Knows tokens of one kind. */
export interface TokenVerifier {
  /** Whether a token looks like one of this kind. */
  takes(token: string): boolean;
  /** Finds out who a token was given to. Never rejects, and never keeps or logs the token. */
  verify(token: string): Promise<Caller | Refusal>;
  /** The authorization server that gives such tokens, for clients that ask where to get one. Default: there is none. */
  readonly issuer?: string;
  /** Scopes without which no token is enough. Default none. */
  readonly requiredScopes?: readonly string[];
}
