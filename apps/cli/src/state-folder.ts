import { isAbsolute, join } from "node:path";
import type { Environment } from "./parse-environment.ts";
import type { Settings } from "./settings.ts";

/** The file in a state folder. */
export const STATE_FILE = "state.db";

/**
 * The folder of what outlives the process: the one that is set, else `mcp-optimizer` in the user's folder for such. Undefined when it is set
 * that nothing shall.
 */
export function stateFolder(
  { state }: Pick<Settings, "state">,
  env: Environment,
  home: string,
): string | undefined {
  if (state !== undefined) return state === "memory" ? undefined : state;
  const { XDG_STATE_HOME: folder = "" } = env;
  // A relative one is not valid: https://specifications.freedesktop.org/basedir-spec/latest/
  return join(isAbsolute(folder) ? folder : join(home, ".local", "state"), "mcp-optimizer");
}
