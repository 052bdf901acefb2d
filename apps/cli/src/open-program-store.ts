import { homedir } from "node:os";
import { join } from "node:path";
import type { SavedProgramStore } from "@mcp-optimizer/contracts";
import { createDirectoryProgramStore } from "@mcp-optimizer/core";
import type { Settings } from "./settings.ts";
import { stateFolder } from "./state-folder.ts";

/** The store of saved programs: the folder that is set, else one in the state folder. Undefined where nothing outlives the process. */
export function openProgramStore(
  settings: Pick<Settings, "programs" | "state">,
): SavedProgramStore | undefined {
  const state = stateFolder(settings, process.env, homedir());
  const folder = settings.programs ?? (state && join(state, "programs"));
  return folder === undefined ? undefined : createDirectoryProgramStore(folder);
}
