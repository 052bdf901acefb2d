import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@mcp-optimizer/contracts";
import type { AuthInfo } from "@modelcontextprotocol/server";
import { bearerToken } from "./bearer-token.ts";
import { toAuthInfo, type Caller } from "./caller.ts";
import { challenge } from "./challenge.ts";
import { protectedResource, type ProtectedResource } from "./protected-resource.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** Who may use a service over HTTP. */
export interface HttpAuth {
  /** Of tokens that are taken; the first that knows a token's kind decides on it. */
  readonly verifiers: readonly TokenVerifier[];
  /** The address of MCP as clients reach it, behind a proxy for example: what tokens have to be for. Default: where it listens. */
  readonly publicUrl?: string;
}

/** Finds out who makes a request. */
export type Authenticator = (
  request: Pick<IncomingMessage, "url" | "headersDistinct">,
) => Promise<Caller | Refusal>;

/** Makes an {@link Authenticator} of tokens. */
export function createAuthenticator(verifiers: readonly TokenVerifier[]): Authenticator {
  return async (request) => {
    const token = bearerToken(request);
    if (typeof token !== "string") return token;
    const verifier = verifiers.find((one) => one.takes(token));
    return (await verifier?.verify(token)) ?? UNKNOWN;
  };
}

const UNKNOWN: Refusal = {
  refused: "invalid_token",
  why: "the token is not valid here, or not any more",
  cause: "it is of no kind that is taken",
};

/** Stands before a service. */
export interface HttpGuard {
  /** Answers what anybody may ask: where tokens come from. False where a request asks for something else. */
  answers(request: IncomingMessage, response: ServerResponse): boolean;
  /** Who makes a request, with its token taken off; undefined when it was refused, and answered. */
  admit(request: IncomingMessage, response: ServerResponse): Promise<AuthInfo | undefined>;
}

/** Makes the guard of a service that is served under a URL and path. */
export function createHttpGuard(
  { verifiers }: HttpAuth,
  service: { readonly resource: () => URL; readonly path: string; readonly name: string; readonly log: Log },
): HttpGuard {
  const { log } = service;
  const authenticate = createAuthenticator(verifiers);
  const issuers = verifiers.flatMap(({ issuer }) => issuer ?? []);
  const requiredScopes = verifiers.flatMap((one) => one.requiredScopes ?? []);
  let known: ProtectedResource | undefined;
  const about = (): ProtectedResource | undefined =>
    issuers.length === 0
      ? undefined
      : (known ??= protectedResource({
          ...service,
          resource: service.resource(),
          issuers,
          scopes: requiredScopes,
        }));

  return {
    answers({ method, url = "" }, response) {
      const document = about()?.at(url.split("?", 1)[0]!);
      if (document === undefined) return false;
      const open = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
      if (method === "OPTIONS") {
        response.writeHead(204, { ...open, "access-control-allow-methods": "GET" }).end();
      } else if (method === "GET" || method === "HEAD") {
        response.writeHead(200, {
          ...open,
          "content-type": "application/json",
          "cache-control": "max-age=300",
        });
        response.end(document);
      } else response.writeHead(405, { ...open, allow: "GET, HEAD, OPTIONS" }).end();
      return true;
    },
    async admit(request, response) {
      const verdict = await authenticate(request);
      if (!isRefusal(verdict)) {
        // Nothing behind us has a use for it.
        delete request.headers.authorization;
        return toAuthInfo(verdict);
      }
      const { refused, why, cause = why } = verdict;
      // Strangers must not fill the log; what is amiss with keys is told where they are fetched.
      log({ level: "debug", message: "A request was refused.", fields: { refused }, cause });
      const { status, headers, body } = challenge(verdict, {
        metadataUrl: about()?.metadataUrl,
        requiredScopes,
      });
      response.writeHead(status, headers).end(JSON.stringify(body));
      return undefined;
    },
  };
}
