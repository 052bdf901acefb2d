import { createInterface } from "node:readline";
import type { JsonObject } from "@mcp-optimizer/contracts";

/**
 * Reads JSON-RPC messages from stdin, line by line. Calls `onEnd` at its end.
 * Breaks lines at U+2028 too, as many servers do that read with Node's readline: clients must escape it.
 */
export function serveStdioLines(onMessage: (message: JsonObject) => void, onEnd: () => void): void {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => onMessage(JSON.parse(line) as JsonObject));
  lines.on("close", onEnd);
}

/** Writes a JSON-RPC message as one line to stdout. */
export function sendStdioLine(message: JsonObject): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
