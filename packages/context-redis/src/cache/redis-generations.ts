import { randomUUID } from "node:crypto";
import type { Clock, ResponseCache } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { SCRIPT_NOW, scriptTime } from "../time/script-time.ts";

/** A generation that nobody asks for so long is forgotten: the next is another, and nothing that was kept under it counts. */
const KEPT_MS = 7 * 86_400_000;

/**
 * What another Redis answers is another generation: a replica that has taken over, or a server that has started again, may lack the last writes,
 * and has the generation of before them.
 */
const RUN = "redis.call('INFO', 'server'):match('run_id:(%x+)')";

// Of each server one hash: its generation, and until when it is held by whom, under "h" and a name.
const READ = `${SCRIPT_NOW}
local state = redis.call('HGETALL', KEYS[1])
local generation = false
for at = 1, #state, 2 do
  if state[at] == 'generation' then generation = state[at + 1]
  elseif tonumber(state[at + 1]) > now then return 'held' end
end
return generation and generation .. '.' .. ${RUN}`;
const BEGIN = `
if redis.call('HSETNX', KEYS[1], 'generation', ARGV[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], math.max(ARGV[2], redis.call('PTTL', KEYS[1])))
end`;
const HOLD = `${SCRIPT_NOW}
local generation, by, ms, kept = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local state = redis.call('HGETALL', KEYS[1])
for at = 1, #state, 2 do
  if state[at] ~= 'generation' and tonumber(state[at + 1]) <= now then redis.call('HDEL', KEYS[1], state[at]) end
end
redis.call('HSET', KEYS[1], 'generation', generation)
if ms > 0 then redis.call('HSET', KEYS[1], by, now + ms) else redis.call('HDEL', KEYS[1], by) end
redis.call('PEXPIRE', KEYS[1], math.max(kept, ms, redis.call('PTTL', KEYS[1])))`;

/** Generations of servers in Redis. They are random: none comes again after all was lost, or the last of it. */
export function createGenerations(
  link: RedisLink,
  clock: Pick<Clock, "now"> | undefined,
): Pick<ResponseCache, "generations" | "hold" | "release"> {
  const read = link.reading(READ);
  const [begin, setHold] = [link.writing(BEGIN), link.writing(HOLD)];
  const keyOf = (server: string): string => link.key(`cache.server:${server}`);
  const generation = async (server: string): Promise<string | undefined> => {
    const key = keyOf(server);
    const ask = async (): Promise<string | null> => (await read([key], [scriptTime(clock)])) as string | null;
    const found = await ask();
    if (found !== null) return found === "held" ? undefined : found;
    await begin([key], [randomUUID(), KEPT_MS]);
    const begun = await ask();
    return begun === null || begun === "held" ? undefined : begun;
  };
  const hold = async (server: string, by: string, ms: number): Promise<void> => {
    await setHold([keyOf(server)], [scriptTime(clock), randomUUID(), `h${by}`, Math.ceil(ms), KEPT_MS]);
  };
  return {
    generations: (servers) => Promise.all(servers.map(generation)),
    hold,
    release: (server, by) => hold(server, by, 0),
  };
}
