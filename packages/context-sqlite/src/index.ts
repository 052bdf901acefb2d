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
