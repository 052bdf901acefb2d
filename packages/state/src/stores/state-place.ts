import { join, resolve } from "node:path";
import { OptimizerError } from "@mcp-optimizer/contracts";

/** Where state is kept. */
export type StatePlace =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "redis"; readonly url: string };

/** The file in a state folder. */
export const STATE_FILE = "state.db";

/**
 * Reads where state is to be: `memory:` or `memory`; `sqlite:` and the path of a file; the URL of a Redis; else the path of a folder, whose
 * file is `state.db`. Throws `config_invalid` for another URL, without what is in it.
 */
export function parseStatePlace(text: string): StatePlace {
  if (text === "memory" || text === "memory:") return { kind: "memory" };
  if (/^rediss?(\+\w+)?:/.test(text)) return { kind: "redis", url: text };
  const [, scheme, rest = ""] = /^([a-z][\w+.-]+):(?:\/\/(?=\/))?(.*)$/is.exec(text) ?? [];
  const wrong = (scheme !== undefined && scheme !== "sqlite") || (scheme === undefined && text === "");
  // The two slashes of a URL begin the name of a machine; SQLite's own word for no file at all is not ours.
  if (wrong || (scheme === "sqlite" && /^$|^\/\/|^:memory:$/.test(rest))) {
    throw new OptimizerError("config_invalid", {
      detail:
        "state is in memory:, in sqlite:/path/to/file.db, in redis://host:port (or rediss, redis+sentinel, redis+cluster), or in a folder",
    });
  }
  return { kind: "sqlite", file: scheme === undefined ? resolve(join(text, STATE_FILE)) : resolve(rest) };
}
