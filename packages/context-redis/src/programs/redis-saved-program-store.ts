import {
  OptimizerError,
  SavedProgramSchema,
  type SavedProgram,
  type SavedProgramStore,
} from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";

/** Settings of {@link createRedisSavedProgramStore}. */
export interface RedisSavedProgramStoreOptions {
  readonly link: RedisLink;
  /** Versions that are kept, of all programs together; over it, `save` rejects with `conflict`. Default 10,000. */
  readonly maxVersions?: number;
}

// Keys: the newest version of each name, and the programs by name and version.
const NAMES = "return redis.call('HKEYS', KEYS[1])";
/** The newest of some names; one that is gone by now is left out. */
const NEWEST = `
local programs = {}
for _, name in ipairs(ARGV) do
  local version = redis.call('HGET', KEYS[1], name)
  if version then table.insert(programs, redis.call('HGET', KEYS[2], name .. '/' .. version)) end
end
return programs`;
const READ = `
local version = ARGV[2] ~= '' and ARGV[2] or redis.call('HGET', KEYS[1], ARGV[1])
return version and redis.call('HGET', KEYS[2], ARGV[1] .. '/' .. version)`;
const SAVE = `
if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0) + 1 ~= tonumber(ARGV[2]) then return 'conflict' end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then return 'full' end
redis.call('HSET', KEYS[2], ARGV[1] .. '/' .. ARGV[2], ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 'saved'`;
const REMOVE = `
local newest = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
for version = 1, newest do redis.call('HDEL', KEYS[2], ARGV[1] .. '/' .. version) end
return redis.call('HDEL', KEYS[1], ARGV[1])`;

/** One script reads so many programs: others wait for no long one. */
const LISTED_AT_ONCE = 100;

/** Saved programs that all processes share. They have no lifetime. All are in one node of a cluster. */
export function createRedisSavedProgramStore(options: RedisSavedProgramStoreOptions): SavedProgramStore {
  const { link, maxVersions = 10_000 } = options;
  const keys = ["newest", "versions"].map((name) => link.key("programs", name));
  const [listNames, readNewest, read] = [link.reading(NAMES), link.reading(NEWEST), link.reading(READ)];
  const [save, remove] = [link.writing(SAVE), link.writing(REMOVE)];
  return {
    async list() {
      const names = ((await listNames(keys, [])) as readonly string[]).toSorted();
      const programs: SavedProgram[] = [];
      for (let at = 0; at < names.length; at += LISTED_AT_ONCE) {
        const some = (await readNewest(keys, names.slice(at, at + LISTED_AT_ONCE))) as readonly string[];
        programs.push(...some.map(programOf));
      }
      return programs;
    },
    async read(name, version) {
      const text = (await read(keys, [name, version ?? ""])) as string | null;
      return text === null ? undefined : programOf(text);
    },
    async save(program) {
      const { name, version } = program;
      const saved = await save(keys, [name, version, JSON.stringify(program), maxVersions]);
      if (saved === "saved") return;
      throw new OptimizerError("conflict", {
        detail:
          saved === "full"
            ? `${maxVersions} versions of programs are saved, and no more may be; remove programs that nobody needs`
            : `version ${version} of ${name} does not follow its newest; someone else may have saved it just now`,
      });
    },
    remove: async (name) => (await remove(keys, [name])) === 1,
  };
}

function programOf(text: string): SavedProgram {
  try {
    return SavedProgramSchema.parse(JSON.parse(text));
  } catch (cause) {
    const detail = "a saved program in Redis is not one that this version wrote";
    throw new OptimizerError("store_unavailable", { detail, cause });
  }
}
