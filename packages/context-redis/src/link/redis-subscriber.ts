import { setTimeout as pause } from "node:timers/promises";
import type { BulletinListener } from "@mcp-optimizer/contracts";
import type { Redis } from "ioredis";

/** Listens to channels over one connection. */
export interface RedisSubscriber {
  add(channel: string, listener: BulletinListener): Promise<() => Promise<void>>;
  dispose(): void;
}

/** What a subscriber needs. */
export interface RedisSubscriberOptions {
  /** A client for the next attempt, which ends when it is lost. */
  readonly connect: () => Redis;
  /** Told of what a listener throws. */
  readonly onError: (cause: unknown) => void;
}

/** Nothing is heard from a peer that is gone: it is asked for a sign of life so often. */
const PING_MS = 5_000;
const PAUSES_MS = [0, 50, 200, 500, 1_000];

/** Opens a subscriber. When its connection is lost it finds another, and tells every listener of the gap. */
export async function openRedisSubscriber(options: RedisSubscriberOptions): Promise<RedisSubscriber> {
  const { connect, onError } = options;
  const listeners = new Map<string, Set<BulletinListener>>();
  const ended = new AbortController();
  const tell = (work: () => void): void => {
    try {
      work();
    } catch (cause) {
      onError(cause);
    }
  };
  const open = async (): Promise<Redis> => {
    const client = connect();
    client.on("message", (channel: string, text: string) => {
      for (const { onNews } of listeners.get(channel) ?? []) tell(() => onNews(text));
    });
    try {
      await client.connect();
      if (listeners.size > 0) await client.subscribe(...listeners.keys());
      ended.signal.throwIfAborted();
    } catch (error) {
      client.disconnect();
      throw error;
    }
    return client;
  };
  const reopen = async (): Promise<Redis> => {
    for (let attempt = 0; ; attempt++) {
      await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)], undefined, {
        signal: ended.signal,
        ref: false,
      });
      try {
        return await open();
      } catch (error) {
        if (ended.signal.aborted) throw error;
      }
    }
  };
  const first = await open();
  let current: Promise<Redis> = Promise.resolve(first);
  const follow = async (next: Promise<Redis>): Promise<void> => {
    watch(await next);
    for (const { onGap } of [...listeners.values()].flatMap((all) => [...all])) tell(() => onGap?.());
  };
  const watch = (client: Redis): void => {
    const pings = setInterval(() => {
      // Its silence counts as the loss of the connection.
      client.ping().catch(() => undefined);
    }, PING_MS);
    pings.unref();
    client.once("end", () => {
      clearInterval(pings);
      if (ended.signal.aborted) return;
      current = reopen();
      follow(current).catch(() => undefined);
    });
  };
  watch(first);
  return {
    async add(channel, listener) {
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known);
      known.add(listener);
      const leave = (): boolean => {
        known.delete(listener);
        if (known.size > 0 || listeners.get(channel) !== known) return false;
        listeners.delete(channel);
        return true;
      };
      try {
        // Redis counts a channel once, however often it is asked for.
        await (await current).subscribe(channel);
      } catch (error) {
        leave();
        throw error;
      }
      return async () => {
        if (!leave()) return;
        // Nothing is lost when it goes on listening, so nobody waits for it.
        current.then((client) => client.unsubscribe(channel)).catch(() => undefined);
      };
    },
    dispose() {
      ended.abort();
      first.disconnect();
      current.then(
        (client) => client.disconnect(),
        () => undefined,
      );
    },
  };
}
