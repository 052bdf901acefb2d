import type { RedisLink } from "../link/redis-link.ts";

/** What a limiter of rate-limiter-flexible asks of a client of ioredis. */
export interface LimiterClient {
  defineCommand(name: string, command: { readonly lua: string }): void;
  multi(): LimiterRead;
}

/** Reads a count and the milliseconds that it lasts, as a transaction of ioredis answers. */
interface LimiterRead {
  get(key: string): LimiterRead;
  pttl(key: string): LimiterRead;
  exec(): Promise<readonly (readonly [null, unknown])[]>;
}

/** A client for one limiter, over a link: what fails is `store_unavailable`, and nothing waits longer than the link does. */
export function limiterClient(link: RedisLink): LimiterClient {
  const read = link.reading("return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]) }");
  const commands: Record<string, (call: readonly string[]) => Promise<unknown>> = {};
  return Object.assign(commands, {
    defineCommand(name: string, { lua }: { readonly lua: string }) {
      const script = link.writing(lua);
      commands[name] = ([key, ...args]) => script([key!], args);
    },
    multi() {
      let asked = "";
      const transaction: LimiterRead = {
        get(key) {
          asked = key;
          return transaction;
        },
        pttl: () => transaction,
        async exec() {
          const [count, ms] = (await read([asked], [])) as readonly unknown[];
          return [
            [null, count],
            [null, ms],
          ];
        },
      };
      return transaction;
    },
  });
}
