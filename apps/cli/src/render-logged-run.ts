import type { JsonObject, LoggedCall, LoggedRun, RunSource } from "@mcp-optimizer/contracts";
import { plainText } from "./plain-text.ts";
import { renderTable } from "./render-table.ts";

/** How the last attempt at a run went, in a word or two. */
export function runState({ state, end }: Pick<LoggedRun, "state" | "end">): string {
  if (state === "open") return "under way";
  return end === undefined ? "broke off" : (end.error?.code ?? "done");
}

/** What a run does, on one line. */
export function sourceLine(source: RunSource, length: number): string {
  const { kind } = source;
  const text =
    kind === "program"
      ? source.code
      : kind === "call"
        ? `${source.tool}(${JSON.stringify(source.args)})`
        : `takes back ${source.runId}`;
  return cut(plainText(text), length);
}

/** Arguments, on one line. */
export const argumentLine = (args: JsonObject, length: number): string =>
  cut(plainText(JSON.stringify(args)), length);

/** A run with all its calls, for a person. */
export function renderLoggedRun(run: LoggedRun, terminal: boolean): string {
  const { runId, at, source, calls, end } = run;
  const facts = [
    ["run", runId],
    ["began", new Date(at).toISOString()],
    ["state", runState(run)],
    ...(end === undefined ? [] : [["ended", new Date(end.at).toISOString()]]),
    ...(end?.error === undefined ? [] : [["error", end.error.message]]),
  ].map(([name, value]) => `${name}\t${plainText(value!)}`);
  const text =
    source.kind === "program"
      ? plainText(source.code, "lines")
      : sourceLine(source, Number.POSITIVE_INFINITY);
  const columns = [
    { heading: "call", numeric: true },
    { heading: "tool" },
    { heading: "effect" },
    { heading: "outcome" },
    { heading: "arguments" },
  ];
  const rows = calls.map((call) => [
    String(call.index),
    plainText(call.tool),
    call.effect,
    outcomeText(call),
    argumentLine(call.args, 200),
  ]);
  const table = rows.length === 0 ? "" : `\n${renderTable(columns, rows, terminal)}`;
  return `${facts.join("\n")}\n\n${text.trimEnd()}\n${table}`;
}

const outcomeText = ({ outcome }: LoggedCall): string =>
  outcome.state === "failed" ? `failed: ${cut(plainText(outcome.error.message), 200)}` : outcome.state;

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
