import { OptimizerError, type LearnedType, type LearnedTypeStore } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";

/** Settings of {@link createRedisLearnedTypeStore}. */
export interface RedisLearnedTypeStoreOptions {
  readonly link: RedisLink;
  /** Tools that are kept, of all tenants together; over it, those go first whose entry is the longest unchanged. Default 20,000. */
  readonly maxTools?: number;
}

// Keys: the entries by name, the names in order, and the names by when they changed.
const REMOVE = `
local function remove(name)
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
  redis.call('ZREM', KEYS[3], name)
end
`;
/** As many entries as one script may read, after the name of the last. */
const LIST = `
local names, entries = redis.call('ZRANGE', KEYS[2], ARGV[1], '(' .. ARGV[2], 'BYLEX', 'LIMIT', 0, ARGV[3]), {}
for _, name in ipairs(names) do table.insert(entries, redis.call('HGET', KEYS[1], name)) end
return { names[#names] or '', entries }`;
const LISTED_AT_ONCE = 500;
const READ = "return redis.call('HGET', KEYS[1], ARGV[1])";
/** Answers 0 where the entry is not what the caller changed. */
const CHANGE = `${REMOVE}
local name, before, after, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if (redis.call('HGET', KEYS[1], name) or '') ~= before then return 0 end
local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')
redis.call('HSET', KEYS[1], name, after)
redis.call('ZADD', KEYS[2], 0, name)
redis.call('ZADD', KEYS[3], (tonumber(last[2]) or 0) + 1, name)
for _, oldest in ipairs(redis.call('ZRANGE', KEYS[3], 0, redis.call('ZCARD', KEYS[3]) - most - 1)) do
  if redis.call('ZCARD', KEYS[3]) <= most then break end
  remove(oldest)
end
return 1`;
const FORGET = `${REMOVE}
local names = redis.call('ZRANGE', KEYS[2], '[' .. ARGV[1], '(' .. ARGV[2], 'BYLEX')
for _, name in ipairs(names) do remove(name) end
return #names`;
const MOST_ATTEMPTS = 200;

/** Learned types that all processes share: of two that learn at once, nothing is lost. All are in one node of a cluster. */
export function createRedisLearnedTypeStore(options: RedisLearnedTypeStoreOptions): LearnedTypeStore {
  const { link, maxTools = 20_000 } = options;
  const keys = ["entries", "names", "changed"].map((name) => link.key("types", name));
  const [list, read] = [link.reading(LIST), link.reading(READ)];
  const [change, forget] = [link.writing(CHANGE), link.writing(FORGET)];
  return {
    async list(tenant) {
      const entries: LearnedType[] = [];
      const [first, end] = range(tenant);
      for (let from = `[${first}`; ;) {
        const answer = await list(keys, [from, end, LISTED_AT_ONCE]);
        const [last, some] = answer as readonly [string, readonly string[]];
        entries.push(...some.map(typeOf));
        if (some.length < LISTED_AT_ONCE) return entries;
        from = `(${last}`;
      }
    },
    async update(tenant, server, tool, changed) {
      const name = nameOf(tenant, server, tool);
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const before = ((await read(keys, [name])) as string | null) ?? "";
        const after = JSON.stringify(changed(before === "" ? undefined : typeOf(before)));
        if ((await change(keys, [name, before, after, maxTools])) === 1) return typeOf(after);
      }
      throw new OptimizerError("store_unavailable", {
        detail: `${server}.${tool} is learned by too many at once`,
      });
    },
    forget: async (tenant, server, tool) => Number(await forget(keys, range(tenant, server, tool))),
  };
}

/** The JSON of a text has no line break, so that one name is never the beginning of another's part. */
const nameOf = (...parts: readonly string[]): string =>
  parts.map((part) => `${JSON.stringify(part)}\n`).join("");

/** From the first name that begins with these parts until before the first one after them. */
function range(...parts: readonly (string | undefined)[]): [string, string] {
  const name = nameOf(...parts.filter((part) => part !== undefined));
  return [name, `${name.slice(0, -1)}\u000b`];
}

const typeOf = (text: string): LearnedType => JSON.parse(text) as LearnedType;
