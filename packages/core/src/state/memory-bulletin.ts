import type { Bulletin, BulletinListener, Log } from "@mcp-optimizer/contracts";

/** Settings of a {@link createMemoryBulletin}. */
export interface MemoryBulletinOptions {
  /** Told of listeners that throw. Default: nobody is. */
  readonly log?: Log;
}

/** A bulletin for one process. What is published has been heard when `publish` resolves. */
export function createMemoryBulletin({ log = () => {} }: MemoryBulletinOptions = {}): Bulletin {
  const topics = new Map<string, Set<{ readonly listener: BulletinListener }>>();
  return {
    async publish(topic, text) {
      for (const { listener } of topics.get(topic) ?? []) {
        try {
          listener.onNews(text);
        } catch (cause) {
          log({ level: "error", message: "What follows news failed", fields: { topic }, cause });
        }
      }
    },
    async subscribe(topic, listener) {
      const listening = topics.get(topic) ?? new Set();
      topics.set(topic, listening);
      const entry = { listener };
      listening.add(entry);
      return async () => {
        listening.delete(entry);
        if (listening.size === 0 && topics.get(topic) === listening) topics.delete(topic);
      };
    },
  };
}
