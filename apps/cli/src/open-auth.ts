import { OptimizerError, type Log } from "@mcp-optimizer/contracts";
import {
  createJwtVerifier,
  createStaticTokens,
  type HttpOptions,
  type JwtOptions,
} from "@mcp-optimizer/server";
import type { AuthSettings, JwtSettings } from "./auth-settings.ts";

/** Makes what a service needs to know of who may use it. Throws `config_invalid`. */
export function openAuth(
  settings: AuthSettings | undefined,
  log: Log,
): Pick<HttpOptions, "auth" | "allowedHosts"> {
  if (settings === undefined) return {};
  const { tokens = [], jwt, publicUrl, allowedHosts } = settings;
  const verifiers = [
    ...(tokens.length > 0 ? [createStaticTokens(tokens)] : []),
    ...(jwt === undefined ? [] : [createJwtVerifier(jwtOptions(jwt, publicUrl), { log })]),
  ];
  return {
    auth: { verifiers, ...(publicUrl !== undefined && { publicUrl }) },
    ...(allowedHosts && { allowedHosts }),
  };
}

function jwtOptions({ issuer, audience, ...rest }: JwtSettings, publicUrl: string | undefined): JwtOptions {
  // Clients ask for tokens by the address as browsers write it.
  const needed =
    audience ?? (publicUrl === undefined ? undefined : [...new Set([publicUrl, new URL(publicUrl).href])]);
  if (issuer !== undefined && needed !== undefined) return { ...rest, issuer, audience: needed };
  const detail =
    issuer === undefined
      ? "optimizer.auth.jwt needs an issuer: the authorization server, as its tokens name it"
      : "optimizer.auth.jwt needs an audience, or optimizer.auth.publicUrl: what tokens must be for";
  throw new OptimizerError("config_invalid", { detail });
}
