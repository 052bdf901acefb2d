import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refusal.ts";

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const SCHEME = /^Bearer(?: |$)/i;

/** The token of a request, which can be in its one `Authorization` header alone (RFC 6750). */
export function bearerToken({
  url = "",
  headersDistinct,
}: Pick<IncomingMessage, "url" | "headersDistinct">): string | Refusal {
  // Addresses are kept in logs and histories, and sent on.
  if (new URLSearchParams(url.split("?", 2)[1]).has("access_token")) {
    return {
      refused: "invalid_request",
      why: "a token is sent in the Authorization header, never in the address",
    };
  }
  const [header, ...others] = headersDistinct["authorization"] ?? [];
  if (others.length > 0) {
    return { refused: "invalid_request", why: "there is more than one Authorization header" };
  }
  if (header === undefined || !SCHEME.test(header)) {
    return { refused: "no_token", why: "a bearer token is needed" };
  }
  return (
    BEARER.exec(header)?.[1] ?? { refused: "invalid_request", why: "the Authorization header cannot be read" }
  );
}
