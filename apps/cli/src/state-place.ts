import { isAbsolute, join } from "node:path";
import type { Environment } from "./parse-environment.ts";
import type { Settings } from "./settings.ts";

/** Whether a `state` is no folder: it is a word of its own, or a URL, also one that is misspelled and may have a password. */
export const isNoFolder = (state: string): boolean => state === "memory" || /^[a-z][\w+.-]+:/i.test(state);

/** Where that is kept which outlives the process: what is set, else the folder `mcp-optimizer` in the user's folder for such. */
export function statePlace({ state }: Pick<Settings, "state">, env: Environment, home: string): string {
  if (state !== undefined) return state;
  const { XDG_STATE_HOME: folder = "" } = env;
  // A relative one is not valid: https://specifications.freedesktop.org/basedir-spec/latest/
  return join(isAbsolute(folder) ? folder : join(home, ".local", "state"), "mcp-optimizer");
}
