import { OptimizerError } from "@mcp-optimizer/contracts/errors";

/** Reads `HOST:PORT`, `[IPv6]:PORT`, `:PORT` or `PORT`. The host is 127.0.0.1 when none is given. Throws `invalid_params`. */
export function parseListenAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([\da-fA-F:]+)\]|([^:[\]\s]*)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) {
    throw new OptimizerError("invalid_params", {
      detail: `--http takes HOST:PORT, such as 127.0.0.1:3333, not ${JSON.stringify(text)}`,
    });
  }
  return { host: match[1] ?? (match[2] || "127.0.0.1"), port };
}
