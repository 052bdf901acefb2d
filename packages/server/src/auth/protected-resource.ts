import { getOAuthProtectedResourceMetadataUrl } from "@modelcontextprotocol/server";

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** What says of a service where to get tokens for it (RFC 9728). */
export interface ProtectedResource {
  /** Where it says so, as clients reach it. */
  readonly metadataUrl: string;
  /** The document at a path of this server; undefined where there is none. */
  at(path: string): string | undefined;
}

/** What is said. */
export interface ProtectedResourceParts {
  /** The service, as clients reach it: what their tokens have to be for. */
  readonly resource: URL;
  /** Where MCP is served here, if a proxy serves it elsewhere. */
  readonly path: string;
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
  readonly name: string;
}

/** Makes the {@link ProtectedResource} of a service. */
export function protectedResource(parts: ProtectedResourceParts): ProtectedResource {
  const { resource, path, issuers, scopes, name } = parts;
  const document = JSON.stringify({
    resource: resource.href,
    authorization_servers: issuers,
    bearer_methods_supported: ["header"],
    resource_name: name,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
  });
  const metadataUrl = getOAuthProtectedResourceMetadataUrl(resource);
  const paths = new Set([WELL_KNOWN, `${WELL_KNOWN}${path}`, new URL(metadataUrl).pathname]);
  return { metadataUrl, at: (asked) => (paths.has(asked) ? document : undefined) };
}
