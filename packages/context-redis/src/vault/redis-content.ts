import type { RedisLink } from "../link/redis-link.ts";
import { KEEP, REMOVE, RENEW } from "./vault-scripts.ts";

/** Contents of a vault, each in parts of its own slot, so that a long one holds nobody up for long. */
export interface RedisContent {
  /** Keeps a text for the lifetime, which is a little longer than that of an entry. */
  put(handle: string, parts: readonly string[]): Promise<void>;
  /** The text, for another lifetime; undefined when a part of it is missing. */
  get(handle: string, parts: number): Promise<string | undefined>;
  /** Begins the lifetime anew. False when a part is missing. */
  renew(handle: string, parts: number): Promise<boolean>;
  /** Removes it. Never rejects: what is left expires. */
  remove(handle: string, parts: number): Promise<void>;
}

/** Parts that are under way at once. */
const AT_ONCE = 4;
/** Keys of one script. */
const BATCH = 500;

/** Opens the contents of a vault. */
export function createRedisContent(link: RedisLink, lifeMs: number): RedisContent {
  const keep = link.writing(KEEP);
  const renew = link.writing(RENEW);
  const remove = link.writing(REMOVE);
  const keyOf = (handle: string, part: number): string => link.key(`vault:${handle}`, String(part));
  const keysOf = (handle: string, parts: number): string[] =>
    Array.from({ length: parts }, (_, part) => keyOf(handle, part));
  const batchesOf = (handle: string, parts: number): string[][] => {
    const keys = keysOf(handle, parts);
    return Array.from({ length: Math.ceil(parts / BATCH) }, (_, at) =>
      keys.slice(at * BATCH, (at + 1) * BATCH),
    );
  };

  return {
    put: async (handle, parts) => {
      await eachOf(parts, async (text, at) => void (await keep([keyOf(handle, at)], [text, lifeMs])));
    },
    async get(handle, parts) {
      const texts: (string | null)[] = [];
      await eachOf(keysOf(handle, parts), async (key, at) => {
        texts[at] = (await link.command("GETEX", key, "PX", lifeMs)) as string | null;
      });
      return texts.includes(null) ? undefined : texts.join("");
    },
    async renew(handle, parts) {
      let found = 0;
      for (const keys of batchesOf(handle, parts)) found += Number(await renew(keys, [lifeMs]));
      return found === parts;
    },
    async remove(handle, parts) {
      try {
        for (const keys of batchesOf(handle, parts)) await remove(keys, []);
      } catch {
        // Redis is away, and forgets it by itself.
      }
    },
  };
}

/** Does work for each, some at a time, until one fails; nothing is under way any more then. */
async function eachOf<T>(all: readonly T[], work: (one: T, at: number) => Promise<void>): Promise<void> {
  const rest = all.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [at, one] of rest) {
      if (failed) return;
      await work(one, at).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, all.length) }, worker));
  const fault = ended.find(({ status }) => status === "rejected");
  if (fault?.status === "rejected") throw fault.reason;
}
