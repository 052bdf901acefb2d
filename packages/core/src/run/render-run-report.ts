import type { ConsoleLine, TokenCounter } from "@mcp-optimizer/contracts";
import { MAX_PROGRAM_LENGTH } from "../program/max-program-length.ts";
import { shownLabel, sizeLabel } from "../show/shown-piece.ts";
import { handleLine } from "../vault/handle-line.ts";
import type { CallRecord, RunReport } from "./run-report.ts";

/** Characters of console output that the answer shows; the rest is named. */
const CONSOLE_CHARACTERS = 2_000;
const WARNINGS = 5;
const WARNING_CHARACTERS = 300;
const MESSAGE_CHARACTERS = 4_000;
/** Results of a failed run that are named, and the characters from which on naming one is less than fetching it again. */
const KEPT = 5;
const WORTH_KEEPING = 2_000;

/**
 * What the model reads of a run, as one JSON object: `value` or `error`, then what there is of `omitted`, `handle`, `console`,
 * `warnings`, `session` (how a later program has what this one kept; only where the run made the session) and `calls` (a line per tool: count, time, failures, answers of earlier calls, what came beside structured content). `run`, its id, is there where something can be done with it: a run that failed
 * after it had called tools can go on, and a good one may be saved, if `savable`.
 */
export function renderRunReport(report: Omit<RunReport, "tokens">, savable: boolean): string {
  const { runId, error, omitted, handle, warnings, console, consoleOmittedBytes, calls, shown, session } =
    report;
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
    ...(handle && { handle: handleLine(handle) }),
    ...(shown.length > 0 && { shown: shown.map(shownLabel) }),
    ...(console.length > 0 && { console: consoleText(console, consoleOmittedBytes) }),
    ...(warnings.length > 0 && { warnings: shortList(warnings) }),
    ...(calls.length > 0 && { calls: callLines(calls) }),
    ...(error && keptResults(calls)),
    ...(session !== undefined && { session: `run_code({ code, session: "${session}" }) has its variables` }),
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

/** Results that a next program need not fetch again: the largest ones, by how they are opened. */
function keptResults(calls: readonly CallRecord[]): { readonly kept?: Readonly<Record<string, string>> } {
  const sized = calls.flatMap(({ tool, handle, size = 0 }) =>
    handle === undefined || size < WORTH_KEEPING ? [] : [{ tool, handle, size }],
  );
  const known = new Map(sized.map((call) => [call.handle, call]));
  const largest = [...known.values()].toSorted((one, other) => other.size - one.size).slice(0, KEPT);
  if (largest.length === 0) return {};
  return {
    kept: Object.fromEntries(
      largest.map(({ tool, handle, size }) => [`vault.open('${handle}')`, `${tool}, ${sizeLabel(size)}`]),
    ),
  };
}

const bounded = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;

/** The calls of one tool. */
interface CallSum {
  readonly count: number;
  readonly failed: number;
  readonly cached: number;
  readonly ms: number;
  /** Opens what one of them sent beside structured content. */
  readonly more?: string;
}

function callLines(calls: readonly CallRecord[]): string[] {
  const tools = new Map<string, CallSum>();
  for (const { tool, ok, ms, cached: known = false, more } of calls) {
    const before = tools.get(tool);
    const { count, failed, cached, ms: sum } = before ?? { count: 0, failed: 0, cached: 0, ms: 0 };
    const handle = before?.more ?? (more?.telling === true ? more.handle : undefined);
    tools.set(tool, {
      count: count + 1,
      failed: failed + (ok ? 0 : 1),
      cached: cached + (known ? 1 : 0),
      ms: sum + ms,
      ...(handle !== undefined && { more: handle }),
    });
  }
  return [...tools].map(([tool, { count, failed, cached, ms, more }]) => {
    const times = count === 1 ? "" : ` ×${count}`;
    const notes = [
      ...(failed === 0 ? [] : [`${failed} failed`]),
      ...(cached === 0 ? [] : [cached === count ? "cached" : `${cached} cached`]),
      ...(more === undefined ? [] : [`what else it sent: vault.open('${more}')`]),
    ];
    return `${tool}${times} ${Math.round(ms)} ms${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
  });
}
