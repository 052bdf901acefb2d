import { inspect } from "node:util";
import { plainText } from "./plain-text.ts";
import type { Log, LogEntry } from "@mcp-optimizer/contracts";

const RANK: Readonly<Record<LogEntry["level"], number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Settings of a {@link createStderrLog}. */
export interface StderrLogOptions {
  /** The least level that is written. */
  readonly level: LogEntry["level"];
  /** One JSON object a line. */
  readonly json: boolean;
  readonly write: (line: string) => void;
}

/** A log on standard error, one line an entry. Causes are written at level debug only. */
export function createStderrLog({ level, json, write }: StderrLogOptions): Log {
  return (entry) => {
    if (RANK[entry.level] < RANK[level]) return;
    const cause = level === "debug" && entry.cause !== undefined ? inspect(entry.cause) : undefined;
    const { message, fields } = entry;
    if (json) return write(`${JSON.stringify({ level: entry.level, message, ...fields, cause })}\n`);
    const details = fields === undefined ? "" : ` ${JSON.stringify(fields)}`;
    write(
      `${plainText(`mcp-optimizer: ${entry.level}: ${message}${details}${cause === undefined ? "" : ` (${cause})`}`)}\n`,
    );
  };
}
