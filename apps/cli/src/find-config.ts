import { OptimizerError } from "@mcp-optimizer/contracts/errors";

/** Where a configuration may be. */
export interface ConfigPlaces {
  /** The value of `--config`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

/**
 * The configuration file: `--config`, else `MCP_OPTIMIZER_CONFIG`, else `mcp-optimizer/config.json` in the user's configuration folder.
 * The working directory is not searched: a file in a cloned repository must not start commands. Throws `config_invalid`.
 */
export function findConfig({ flag, env, home, exists }: ConfigPlaces): string {
  const chosen = flag ?? env["MCP_OPTIMIZER_CONFIG"];
  if (chosen !== undefined && chosen !== "") {
    if (exists(chosen)) return chosen;
    const setting = flag === undefined ? "MCP_OPTIMIZER_CONFIG" : "--config";
    throw new OptimizerError("config_invalid", {
      detail: `${setting} names ${chosen}, which does not exist`,
    });
  }
  const folder = env["XDG_CONFIG_HOME"] || `${home}/.config`;
  const usual = `${folder}/mcp-optimizer/config.json`;
  if (exists(usual)) return usual;
  const detail = `there is none; give --config FILE with your client's mcpServers, or write ${usual}`;
  throw new OptimizerError("config_invalid", { detail });
}
