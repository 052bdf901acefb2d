export {
  createSqliteExecutionLog,
  type SqliteExecutionLog,
  type SqliteExecutionLogOptions,
} from "./log/sqlite-execution-log.ts";
export {
  createSqliteLedgerStore,
  type SqliteLedgerOptions,
  type SqliteLedgerStore,
} from "./ledger/sqlite-ledger-store.ts";
export {
  createSqliteLearnedTypeStore,
  type SqliteLearnedTypeStore,
  type SqliteLearnedTypeStoreOptions,
} from "./types/sqlite-learned-type-store.ts";
export {
  createSqliteContextStore,
  type SqliteContextStore,
  type SqliteContextStoreOptions,
} from "./context/sqlite-context-store.ts";
export {
  createSqliteSessionStore,
  type SqliteSessionStore,
  type SqliteSessionStoreOptions,
} from "./sessions/sqlite-session-store.ts";
export {
  createSqliteResultVault,
  type SqliteResultVault,
  type SqliteResultVaultOptions,
} from "./vault/sqlite-result-vault.ts";
export {
  createSqliteResponseCache,
  type SqliteResponseCache,
  type SqliteResponseCacheOptions,
} from "./cache/sqlite-response-cache.ts";
