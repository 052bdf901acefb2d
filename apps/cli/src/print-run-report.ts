import { shownLabel, type RunReport } from "@mcp-optimizer/core";
import { EXIT_CODES } from "./exit-codes.ts";
import { plainText } from "./plain-text.ts";

/** Prints what a program gave: its value on standard output, all else on standard error. `saved` are the files of what it showed. */
export function printRunReport(report: RunReport, saved?: readonly (string | undefined)[]): void {
  const { value, error, console, consoleOmittedBytes, warnings, calls, shown, session, durationMs } = report;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  for (const { level, text: line } of console)
    say(`${level === "log" ? "" : `${level}: `}${plainText(line, "lines")}`);
  if (consoleOmittedBytes > 0)
    say(`mcp-optimizer: ${consoleOmittedBytes} bytes of console output were not kept`);
  for (const warning of warnings) say(`mcp-optimizer: warning: ${plainText(warning)}`);
  for (const [index, piece] of shown.entries()) {
    const { uri } = piece.block;
    const place = saved?.[index] ?? (typeof uri === "string" ? uri : "--media FOLDER saves it");
    say(`mcp-optimizer: shown: ${plainText(`${shownLabel(piece)}: ${place}`)}`);
  }
  if (session !== undefined) say(`mcp-optimizer: --session ${session} has its variables`);
  if (process.stderr.isTTY) say(`${calls.length} calls, ${Math.round(durationMs)} ms`);
  if (error) {
    const { message, position, sourceLine, findings = [], signatures = [] } = error;
    const source = sourceLine === undefined ? "" : `: ${sourceLine}`;
    const place = position ? ` (line ${position.line}, column ${position.column}${source})` : "";
    // A program that cannot run says where in its message.
    say(`mcp-optimizer: ${plainText(message.endsWith(place) ? message : message + place)}`);
    for (const line of [...findings, ...signatures]) say(`  ${plainText(line)}`);
    return;
  }
  if (value === undefined) return;
  const printed = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  // A file or a pipe gets the bytes as they are.
  const text = process.stdout.isTTY ? plainText(printed, "lines") : printed;
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** A program that fails is 1 whatever its error says; only a sandbox that cannot be had is not its fault. */
export const exitCodeOfRun = (code: string): number =>
  code === "sandbox_unavailable" ? EXIT_CODES.unavailable : EXIT_CODES.failed;
