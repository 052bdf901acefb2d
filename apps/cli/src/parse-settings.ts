import { dirname, isAbsolute, join } from "node:path";
import { checkCacheSettings, checkPolicy } from "@mcp-optimizer/core/settings";
import type { ConfigDocument } from "@mcp-optimizer/upstreams/config";
import { isNoFolder } from "./state-place.ts";
import { SettingsSchema, type Settings } from "./settings.ts";

/**
 * Reads the `optimizer` block; folders in it are relative to its file. With `servers`, the names that may be spoken of, a policy or a
 * `cache` block that can never apply is an error too. Throws `config_invalid` with file, line and key.
 */
export function parseSettings(document: ConfigDocument, servers?: readonly string[]): Settings {
  const parsed = SettingsSchema.safeParse(document.value(["optimizer"]) ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.path.filter((part) => typeof part !== "symbol");
    throw document.error(["optimizer", ...path], issue.message);
  }
  const { policy, programs, state, redis, sessions, ...settings } = parsed.data;
  const archive = sessions?.archive;
  const { cache } = settings;
  const problem = servers && policy && checkPolicy(policy, servers);
  if (problem) throw document.error(["optimizer", "policy", ...problem.path], problem.message);
  const ofCache = servers && cache && checkCacheSettings(cache, servers);
  if (ofCache) throw document.error(["optimizer", "cache", ...ofCache.path], ofCache.message);
  return {
    ...settings,
    ...(policy && { policy }),
    ...(sessions && {
      sessions: { ...sessions, ...(archive !== undefined && { archive: besides(document.file, archive) }) },
    }),
    ...(programs !== undefined && { programs: besides(document.file, programs) }),
    ...(state !== undefined && { state: isFolder(state) ? besides(document.file, state) : state }),
    ...(redis && {
      redis: {
        ...redis,
        ...(redis.caFile !== undefined && { caFile: besides(document.file, redis.caFile) }),
      },
    }),
  };
}

/** Neither is the variable that holds a URL. */
const isFolder = (state: string): boolean => !isNoFolder(state) && !state.startsWith("${");

const besides = (file: string, folder: string): string =>
  isAbsolute(folder) ? folder : join(dirname(file), folder);
