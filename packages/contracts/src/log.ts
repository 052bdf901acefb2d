import type { JsonObject } from "./json.ts";

/** One thing worth an operator's attention. */
export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields?: JsonObject;
  /** For the operator's log only. */
  readonly cause?: unknown;
}

/** Where log entries go. Never stdout. */
export type Log = (entry: LogEntry) => void;
