import type { ConsoleLine, TokenCounter } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "../program/prepare-program.ts";
import type { CallRecord, RunReport } from "./run-report.ts";

/** Characters of console output that the answer shows; the rest is named. */
const CONSOLE_CHARACTERS = 2_000;
const WARNINGS = 5;
const WARNING_CHARACTERS = 300;
const MESSAGE_CHARACTERS = 4_000;

/**
 * What the model reads of a run, as one JSON object: `value` or `error`, then what there is of `omitted`, `handle`, `console`,
 * `warnings` and `calls` (a line per tool: count, failures, time). `run`, its id, is there where something can be done with it: a run that failed
 * after it had called tools can go on, and a good one may be saved, if `savable`.
 */
export function renderRunReport(report: Omit<RunReport, "tokens">, savable: boolean): string {
  const { runId, error, omitted, handle, warnings, console, consoleOmittedBytes, calls } = report;
  const { position, sourceLine, ...fault } = error ?? {};
  return JSON.stringify({
    ...(error
      ? {
          error: {
            ...fault,
            message: bounded(error.message, MESSAGE_CHARACTERS),
            ...position,
            ...(sourceLine && { source: sourceLine }),
          },
        }
      : { value: report.value ?? null }),
    ...(omitted.length > 0 && { omitted }),
    ...(handle && { handle: `the whole value: await vault.open(${JSON.stringify(handle)})` }),
    ...(console.length > 0 && { console: consoleText(console, consoleOmittedBytes) }),
    ...(warnings.length > 0 && { warnings: shortList(warnings) }),
    ...(calls.length > 0 && { calls: callLines(calls) }),
    ...((error ? calls.length > 0 : savable) && { run: runId }),
  });
}

/** Counts what a run cost in tokens: the program as sent and the answer as read. */
export function runTokens(counter: TokenCounter, code: string, answer: string): RunReport["tokens"] {
  // A longer program was refused; counting it would take longer than that.
  const program = code.length > MAX_PROGRAM_LENGTH ? 0 : counter.count(code);
  return { program, answer: counter.count(answer) };
}

function consoleText(lines: readonly ConsoleLine[], omittedBytes: number): string[] {
  const shown: string[] = [];
  let room = CONSOLE_CHARACTERS;
  let index = 0;
  for (; index < lines.length && room > 0; index += 1) {
    const { level, text } = lines[index]!;
    const line = level === "log" ? text : `${level}: ${text}`;
    shown.push(line.length > room ? `${line.slice(0, room)}… (${line.length} characters)` : line);
    room -= line.length + 1;
  }
  const left = lines.length - index;
  if (left > 0 || omittedBytes > 0) {
    const bytes = omittedBytes > 0 ? ` and ${omittedBytes} bytes that were not kept` : "";
    shown.push(`(${left} more lines${bytes})`);
  }
  return shown;
}

function shortList(lines: readonly string[]): string[] {
  const shown = lines.slice(0, WARNINGS).map((line) => bounded(line, WARNING_CHARACTERS));
  return lines.length <= WARNINGS ? shown : [...shown, `and ${lines.length - WARNINGS} more`];
}

const bounded = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;

function callLines(calls: readonly CallRecord[]): string[] {
  const tools = new Map<string, { count: number; failed: number; ms: number }>();
  for (const { tool, ok, ms } of calls) {
    const sum = tools.get(tool) ?? { count: 0, failed: 0, ms: 0 };
    tools.set(tool, { count: sum.count + 1, failed: sum.failed + (ok ? 0 : 1), ms: sum.ms + ms });
  }
  return [...tools].map(([tool, { count, failed, ms }]) => {
    const times = count === 1 ? "" : ` ×${count}`;
    return `${tool}${times} ${Math.round(ms)} ms${failed === 0 ? "" : ` (${failed} failed)`}`;
  });
}
