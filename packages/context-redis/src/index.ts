export { isRedisUrl, parseRedisUrl, type RedisAddress, type RedisNode } from "./link/parse-redis-url.ts";
export type { RedisClient } from "./link/redis-client.ts";
export {
  openRedisLink,
  type RedisLink,
  type RedisLinkOptions,
  type RedisScript,
  type RedisValue,
} from "./link/redis-link.ts";
export { createRedisExecutionLog, type RedisExecutionLogOptions } from "./log/redis-execution-log.ts";
export { createRedisResultVault, type RedisResultVaultOptions } from "./vault/redis-result-vault.ts";
export { createRedisContextStore, type RedisContextStoreOptions } from "./context/redis-context-store.ts";
export { createRedisBulletin } from "./news/redis-bulletin.ts";
export { sharedSecret, type SharedSecretOptions } from "./news/shared-secret.ts";
export { createRedisSessionStore, type RedisSessionStoreOptions } from "./sessions/redis-session-store.ts";
export { createRedisResponseCache, type RedisResponseCacheOptions } from "./cache/redis-response-cache.ts";
export { createRedisLedgerStore, type RedisLedgerOptions } from "./ledger/redis-ledger-store.ts";
export { createRedisRunPlaces, type RedisRunPlacesOptions } from "./places/redis-run-places.ts";
export {
  createRedisSavedProgramStore,
  type RedisSavedProgramStoreOptions,
} from "./programs/redis-saved-program-store.ts";
export { createRedisRateWindows, type RedisRateWindowsOptions } from "./rates/redis-rate-windows.ts";
export {
  createRedisLearnedTypeStore,
  type RedisLearnedTypeStoreOptions,
} from "./types/redis-learned-type-store.ts";
