import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { OptimizerError } from "@mcp-optimizer/contracts/errors";
import { findConfig } from "./find-config.ts";

/** A configuration's text, and its file. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** Reads the configuration that `--config` or the environment names, or the usual one. Throws `config_invalid`. */
export function readConfig(flag: string | undefined): ConfigText {
  return readConfigFile(findConfig({ flag, env: process.env, home: homedir(), exists: existsSync }));
}

/** Like {@link readConfig}, but gives undefined where none is named and the usual one does not exist. */
export function readConfigIfAny(flag: string | undefined): ConfigText | undefined {
  const named = flag ?? process.env["MCP_OPTIMIZER_CONFIG"];
  let missing = false;
  const exists = (path: string): boolean => {
    missing = !existsSync(path);
    return !missing;
  };
  try {
    return readConfigFile(findConfig({ flag, env: process.env, home: homedir(), exists }));
  } catch (error) {
    if (missing && (named ?? "") === "") return undefined;
    throw error;
  }
}

function readConfigFile(file: string): ConfigText {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new OptimizerError("config_invalid", { detail: `${file} cannot be read`, cause });
  }
}
