import { isIPv6 } from "node:net";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { localhostAllowedHostnames } from "@modelcontextprotocol/server";
import { isLoopbackHost } from "../http/loopback.ts";
import { isSafeUrl } from "./fetch-json.ts";
import type { HttpAuth } from "./http-auth.ts";

/** Who may reach a service, before anybody is asked who they are. */
export interface HttpAccess {
  /** Whether other machines may. */
  readonly isPublic: boolean;
  /** Host names that a `Host` header may name. */
  readonly hosts: readonly string[];
  /** Where clients reach it; undefined: where it listens. */
  readonly publicUrl: URL | undefined;
}

/**
 * Decides who may reach a service. Throws `config_invalid` for a service that others can reach without authentication, or of which nobody has
 * said by what name they do.
 */
export function httpAccess(
  host: string,
  auth: HttpAuth | undefined,
  allowedHosts: readonly string[] | undefined,
): HttpAccess {
  const fail = (detail: string): never => {
    throw new OptimizerError("config_invalid", { detail });
  };
  const isPublic = !isLoopbackHost(host);
  if (auth?.verifiers.length === 0)
    fail("auth names nobody who may use the service: set auth.tokens or auth.jwt");
  if (isPublic && auth === undefined) {
    fail(
      `without authentication HTTP is served on this machine only, not on "${host}"; use 127.0.0.1, ::1 or localhost, or set auth (auth.tokens or auth.jwt)`,
    );
  }
  const text = auth?.publicUrl;
  const publicUrl = text === undefined || !URL.canParse(text) ? undefined : new URL(text);
  if (text !== undefined && (publicUrl === undefined || !isSafeUrl(publicUrl) || /[?#@]/u.test(text))) {
    fail(
      `publicUrl must be the HTTPS address of MCP as clients reach it, such as https://mcp.example.com/mcp`,
    );
  }
  if (
    isPublic &&
    publicUrl === undefined &&
    auth?.verifiers.some(({ issuer }) => issuer !== undefined) === true
  ) {
    fail(
      `set auth.publicUrl: clients compare it with the address that they reach, and tokens are made for it`,
    );
  }
  const named = publicUrl === undefined ? [] : [publicUrl.hostname];
  const allowed = allowedHosts?.map(
    (name) =>
      hostName(name) ??
      fail(`allowedHosts has ${JSON.stringify(name)}, which is no host name: it has no scheme, port or path`),
  );
  if (!isPublic) {
    return { isPublic, publicUrl, hosts: allowed ?? [...localhostAllowedHostnames(), host, ...named] };
  }
  if (allowed === undefined && named.length === 0) {
    fail(`say by what name clients reach it: set auth.publicUrl, or auth.allowedHosts`);
  }
  return { isPublic, publicUrl, hosts: allowed ?? named };
}

/** A name as `Host` is compared with it; undefined for what is none. */
function hostName(name: string): string | undefined {
  const host = isIPv6(name) ? `[${name}]` : name;
  if (!/^(\[[\da-f:.]+\]|[^\s:/?#@*[\]\\]+)$/iu.test(host) || !URL.canParse(`http://${host}`))
    return undefined;
  return new URL(`http://${host}`).hostname;
}
