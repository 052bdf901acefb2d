import type { Clock } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { SCRIPT_NOW, scriptTime } from "../time/script-time.ts";

/** What texts stand on. */
export interface RedisTextsParts {
  readonly link: RedisLink;
  readonly clock: Pick<Clock, "now"> | undefined;
  readonly maxSize: number;
  readonly maxEntrySize: number;
}

/** Texts for a while, by names of equal length. */
export interface RedisTexts {
  get(name: string): Promise<string | undefined>;
  put(name: string, text: string, ttlMs: number): Promise<void>;
}

// Keys: the texts, the names by their end, and the size of all.
const GET = `${SCRIPT_NOW}
local last = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[2]) or 0)
return last > now and redis.call('HGET', KEYS[1], ARGV[2])`;
/** What Redis needs beside a text; the sum is kept by what each entry counts for. */
const BESIDE = 128;
const PUT = `${SCRIPT_NOW}
local name, text, ttl, most = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local function drop(one)
  if redis.call('ZREM', KEYS[2], one) == 0 then return end
  redis.call('DECRBY', KEYS[3], redis.call('HSTRLEN', KEYS[1], one) + ${BESIDE})
  redis.call('HDEL', KEYS[1], one)
end
drop(name)
if ttl <= 0 then return end
for _, expired in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do drop(expired) end
redis.call('HSET', KEYS[1], name, text)
redis.call('ZADD', KEYS[2], now + ttl, name)
local size = redis.call('INCRBY', KEYS[3], #text + ${BESIDE})
while size > most do
  local next = redis.call('ZRANGE', KEYS[2], 0, 1)
  local one = next[1] ~= name and next[1] or next[2]
  if not one then break end
  drop(one)
  size = tonumber(redis.call('GET', KEYS[3]))
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, math.max(ttl, redis.call('PTTL', key))) end`;
const MOST_PARTS = 16;

/** Makes {@link RedisTexts}: in parts, which nodes of a cluster share, each with its part of the size. */
export function createTexts({ link, clock, maxSize, maxEntrySize }: RedisTextsParts): RedisTexts {
  const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(maxSize / maxEntrySize / 4)));
  const get = link.reading(GET);
  const put = link.writing(PUT);
  const keysOf = (name: string): string[] => {
    const part = name.charCodeAt(0) % parts;
    return ["texts", "ends", "size"].map((key) => link.key(`cache.${part}`, key));
  };
  return {
    async get(name) {
      return ((await get(keysOf(name), [scriptTime(clock), name])) as string | null) ?? undefined;
    },
    async put(name, text, ttlMs) {
      const fits = Buffer.byteLength(text) <= maxEntrySize;
      const [kept, ms] = fits ? [text, Math.ceil(ttlMs)] : ["", 0];
      await put(keysOf(name), [scriptTime(clock), name, kept, ms, Math.floor(maxSize / parts)]);
    },
  };
}
