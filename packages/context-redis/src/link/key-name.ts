import { OptimizerError } from "@mcp-optimizer/contracts";

/** Throws `config_invalid` for a prefix that could not begin a key: braces decide on a key's node. */
export function requirePrefix(prefix: string): string {
  if (/^[\w.:-]{1,100}$/.test(prefix)) return prefix;
  throw new OptimizerError("config_invalid", {
    detail: "the prefix of keys in Redis has letters, digits, and . : _ - alone, at most 100",
  });
}

/** The name of a key. Different parts make different names, and what is in braces decides on its node. */
export const keyName = (prefix: string, slot: string, parts: readonly string[]): string =>
  // Empty braces would not count.
  [prefix, `{${slot === "" ? "%" : escaped(slot)}}`, ...parts.map(escaped)].join(":");

/** The name of a channel; no prefix sees another's. */
export const channelName = (prefix: string, channel: string): string => `${prefix}:news:${escaped(channel)}`;

/** Half a surrogate pair would become the same character as any other half. */
const escaped = (part: string): string =>
  part.replace(/[%:{}]|\p{Surrogate}/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
