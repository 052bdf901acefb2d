import { randomUUID } from "node:crypto";
import type { Clock, RunPlaces } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { SCRIPT_NOW, scriptTime } from "../time/script-time.ts";

/** Settings of {@link createRedisRunPlaces}. */
export interface RedisRunPlacesOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, so that processes need not agree on the time. */
  readonly clock?: Pick<Clock, "now">;
}

const TAKE = `${SCRIPT_NOW}
local places, lease = tonumber(ARGV[2]), tonumber(ARGV[3])
for at = 5, #ARGV do redis.call('ZREM', KEYS[1], ARGV[at]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= places then return 0 end
redis.call('ZADD', KEYS[1], now + lease, ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.max(lease, redis.call('PTTL', KEYS[1])))
return 1`;
const GIVE_BACK = "return redis.call('ZREM', KEYS[1], ARGV[1])";
/** Places of a key that Redis was not told of, and keys with such places; over it, the others' leases have to end. */
const MOST_OWED = 1_000;

/**
 * Places that all processes share. Rejects with `store_unavailable` while Redis is away; what could not be given back is given back with the next
 * `take` of that key by this process, or when its lease ends.
 */
export function createRedisRunPlaces({ link, clock }: RedisRunPlacesOptions): RunPlaces {
  const takeOne = link.writing(TAKE);
  const giveBack = link.writing(GIVE_BACK);
  const owed = new Map<string, Set<string>>();
  const owe = (name: string, place: string): void => {
    const places = owed.get(name) ?? new Set();
    if (places.size < MOST_OWED) owed.set(name, places.add(place));
    // The key that is owed for longest; its leases end first.
    if (owed.size > MOST_OWED) for (const first of owed.keys()) return void owed.delete(first);
  };
  const settle = (name: string, settled: readonly string[]): void => {
    const places = owed.get(name);
    for (const place of settled) places?.delete(place);
    if (places?.size === 0) owed.delete(name);
  };
  return {
    async take(key, places, leaseMs) {
      const name = link.key(`places:${key}`);
      const place = randomUUID();
      const owing = [...(owed.get(name) ?? [])];
      let taken: unknown;
      try {
        taken = await takeOne([name], [scriptTime(clock), places, leaseMs, place, ...owing]);
      } catch (error) {
        // It may have been taken all the same.
        owe(name, place);
        throw error;
      }
      settle(name, owing);
      if (taken !== 1) return undefined;
      return async () => {
        try {
          await giveBack([name], [place]);
        } catch (error) {
          owe(name, place);
          throw error;
        }
      };
    },
  };
}
