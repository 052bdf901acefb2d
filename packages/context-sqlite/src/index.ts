export {
  createSqliteExecutionLog,
  type SqliteExecutionLog,
  type SqliteExecutionLogOptions,
} from "./log/sqlite-execution-log.ts";
