import type { Refusal } from "./refusal.ts";

/** An HTTP answer. */
export interface Challenge {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string; readonly error_description: string };
}

/** What clients are told of where and for what they get tokens. */
export interface ChallengeParts {
  /** Where the metadata of the resource is; undefined where there is no authorization server. */
  readonly metadataUrl: string | undefined;
  /** Scopes without which no token is enough. */
  readonly requiredScopes: readonly string[];
}

const STATUS = {
  no_token: 401,
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  unavailable: 503,
} as const;

/** Answers a request that is refused as RFC 6750 and RFC 9728 say. */
export function challenge(
  { refused, why }: Refusal,
  { metadataUrl, requiredScopes }: ChallengeParts,
): Challenge {
  const status = STATUS[refused];
  const body = { error: refused === "no_token" ? "invalid_token" : refused, error_description: why };
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  if (refused === "unavailable") {
    return {
      status,
      headers: { ...headers, "retry-after": "5" },
      body: { ...body, error: "temporarily_unavailable" },
    };
  }
  // Who sent no token is not told that it is a wrong one.
  const error = refused === "no_token" ? [] : [`error="${refused}"`, `error_description="${quoted(why)}"`];
  const where = metadataUrl === undefined ? [] : [`resource_metadata="${metadataUrl}"`];
  const scope = requiredScopes.length === 0 ? [] : [`scope="${quoted(requiredScopes.join(" "))}"`];
  const parameters = [...error, ...where, ...scope].join(", ");
  return { status, headers: { ...headers, "www-authenticate": `Bearer ${parameters}`.trimEnd() }, body };
}

const quoted = (text: string): string => text.replaceAll(/[^ !#-[\]-~]/g, "'");
