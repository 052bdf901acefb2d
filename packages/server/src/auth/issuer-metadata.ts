import { fetchJson, type Fetch } from "./fetch-json.ts";

/** Where an authorization server may say of itself where its keys are: RFC 8414, then OpenID Connect, in the order of the MCP specification. */
export function metadataUrls(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/u, "");
  const wellKnown = (name: string): URL => new URL(`${origin}/.well-known/${name}${path}`);
  const oauth = wellKnown("oauth-authorization-server");
  const openId = wellKnown("openid-configuration");
  return path === ""
    ? [oauth, openId]
    : [oauth, openId, new URL(`${origin}${path}/.well-known/openid-configuration`)];
}

/**
 * Finds the keys of an authorization server by what it says of itself. Rejects with an Error where it cannot be reached, says nothing, or speaks
 * of another issuer.
 */
export async function findKeys(issuer: string, signal: AbortSignal, get: Fetch): Promise<URL> {
  const urls = metadataUrls(issuer);
  for (const url of urls) {
    const metadata = await fetchJson(url, signal, get);
    if (metadata === undefined) continue;
    const { issuer: named, jwks_uri: keys } = metadata;
    if (named !== issuer) throw new Error(`${url.href} speaks of the issuer ${JSON.stringify(named)}`);
    if (typeof keys !== "string" || !URL.canParse(keys)) throw new Error(`${url.href} names no jwks_uri`);
    return new URL(keys);
  }
  throw new Error(`${issuer} says nothing of itself at ${urls.map(({ href }) => href).join(" or ")}`);
}
