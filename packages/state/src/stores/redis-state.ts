import type { Clock, Log } from "@mcp-optimizer/contracts";
import { randomId } from "./random-id.ts";
import type { RedisSettings } from "./state-settings.ts";
import { SESSION_STORES, type State } from "./state.ts";

/** All stores in a Redis. What ends there ends by its time, which is the same for all processes; the clock tells the ledger its days. */
export async function redisState(
  url: string,
  settings: RedisSettings,
  { clock, log }: { readonly clock: Clock; readonly log?: Log | undefined },
): Promise<State> {
  const redis = await import("@mcp-optimizer/context-redis");
  await using opened = new AsyncDisposableStack();
  const link = opened.use(await redis.openRedisLink({ url, ...settings, ...(log && { log }) }));
  const sessions = (name: string) => redis.createRedisSessionStore({ link, name });
  const approvalSecret = await redis.sharedSecret({ link, name: "approvals" });
  const all = opened.move();
  const dispose = (): Promise<void> => all.disposeAsync();
  return {
    kind: "redis",
    executionLog: redis.createRedisExecutionLog({ link }),
    vault: redis.createRedisResultVault({ link, randomId }),
    responseCache: redis.createRedisResponseCache({ link }),
    ledger: redis.createRedisLedgerStore({ link, clock }),
    learnedTypes: redis.createRedisLearnedTypeStore({ link }),
    programStore: redis.createRedisSavedProgramStore({ link }),
    contextStore: redis.createRedisContextStore({ link }),
    sessionStore: sessions(SESSION_STORES.sessionStore),
    runStatus: sessions(SESSION_STORES.runStatus),
    bulletin: redis.createRedisBulletin({ link }),
    rateWindows: redis.createRedisRateWindows({ link }),
    runPlaces: redis.createRedisRunPlaces({ link }),
    approvalSecret,
    transportSessions: sessions(SESSION_STORES.transportSessions),
    tasks: sessions(SESSION_STORES.tasks),
    redis: link,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
