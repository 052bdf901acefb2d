import { randomUUID, scryptSync } from "node:crypto";
import { resolve } from "node:path";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import type { ProviderOrigin } from "@mcp-optimizer/contracts";
import type { UpstreamConfig } from "../config/upstream-config.ts";

const SALT = "mcp-optimizer origin";

/**
 * Where answers of a server come from: all of its configuration that another server, or another account, would have otherwise. The digest lies on
 * the disk and may be of a weak password: it is a slow one, so that guesses are, too, and is made when it is first asked for.
 */
export function originOf(config: UpstreamConfig, ownFetch?: typeof fetch): ProviderOrigin {
  // It may add credentials that nobody here sees.
  if (config.kind === "remote" && ownFetch !== undefined) return { digest: randomUUID(), own: false };
  const text = JSON.stringify(target(config));
  let digest: string | undefined;
  return {
    get digest() {
      return (digest ??= scryptSync(text, SALT, 32).toString("base64url"));
    },
    own: config.kind === "stdio",
  };
}

function target(config: UpstreamConfig): unknown {
  if (config.kind === "unusable") return [config.kind];
  if (config.kind === "remote") return [config.kind, config.url, config.transport, sorted(config.headers)];
  const { kind, command, args, env, cwd = "" } = config;
  return [kind, command, args, sorted({ ...getDefaultEnvironment(), ...env }), resolve(cwd)];
}

const sorted = (map: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
