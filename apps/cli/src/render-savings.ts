import type { Figure, LedgerFigures, LedgerPeriod, LedgerSummary } from "@mcp-optimizer/core";
import { plainText } from "./plain-text.ts";
import { renderTable } from "./render-table.ts";

const COLUMNS = [
  { heading: "" },
  { heading: "tokens", numeric: true },
  { heading: "how" },
  { heading: "of what" },
] as const;
const SHOWN = 8;

/** A summary as a person reads it. */
export function renderSavings(summary: LedgerSummary, terminal: boolean): string {
  const { figures, encoding, servers, tools, notes, each, of } = summary;
  const row = (name: string, { tokens, mark }: Figure, what = ""): string[] => [
    name,
    String(tokens),
    mark,
    what,
  ];
  const searches = figures.search.count ?? 0;
  const rows = [
    row("definitions", figures.definitions, shortList(servers.map(({ name }) => name))),
    row("arguments of calls", figures.arguments),
    row("results of calls", figures.results, shortList(tools.map(({ name, calls }) => `${name} ×${calls}`))),
    row("without (baseline)", figures.baseline, "the sum of these three"),
    row("tool list", figures.list, times(summary.sessions, "session")),
    row("search", figures.search, times(searches, "search", "searches")),
    row("programs", figures.programs, times(figures.programs.count ?? 0, "program")),
    row("results of programs", figures.answers),
    row("direct calls", figures.direct, times(figures.direct.count ?? 0, "call")),
    row("retries", figures.retries, times(figures.retries.count ?? 0, "failed attempt")),
    row("with (ours)", figures.ours, "the sum of these six"),
    row("definitions avoided", figures.definitionsAvoided, "definitions - tool list"),
    row("saved", figures.saved, share(figures)),
  ];
  const whole = `the lists on the wire, every field: ${figures.definitionsWire.tokens} without, ${figures.listWire.tokens} with`;
  const lines = [
    `${whose(of)}${span(summary)}, in ${encoding} tokens`,
    renderTable(COLUMNS, rows, terminal),
    ...(figures.definitionsWire.tokens > 0 ? [whole] : []),
    ...notes,
  ];
  return `${[...lines, ...(each ? ["", renderEach(each, of.by!, terminal)] : [])].join("\n")}\n`;
}

function renderEach(each: readonly LedgerPeriod[], by: string, terminal: boolean): string {
  const columns = [
    { heading: by },
    { heading: "last" },
    { heading: "without", numeric: true },
    { heading: "with", numeric: true },
    { heading: "saved", numeric: true },
    { heading: "how" },
    { heading: "share" },
  ];
  const rows = each.map(({ key, to, figures }) => [
    key === undefined ? `of no known ${by}` : plainText(key),
    moment(to),
    String(figures.baseline.tokens),
    String(figures.ours.tokens),
    String(figures.saved.tokens),
    figures.saved.mark,
    share(figures),
  ]);
  return renderTable(columns, rows, terminal);
}

function share({ savedShare, baseline }: LedgerFigures): string {
  if (savedShare === undefined) return "of a baseline of nothing";
  return `${(savedShare * 100).toFixed(1)} % of ${baseline.tokens}`;
}

function whose({ session, runId }: LedgerSummary["of"]): string {
  const parts = [
    ...(session === undefined ? [] : [`session ${plainText(session)}`]),
    ...(runId === undefined ? [] : [`run ${plainText(runId)}`]),
  ];
  return parts.length === 0 ? "" : `${parts.join(", ")}, `;
}

const span = ({ from, to }: LedgerSummary): string => `from ${moment(from ?? 0)} to ${moment(to ?? 0)}`;

const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

const times = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

function shortList(names: readonly string[]): string {
  const shown = names
    .slice(0, SHOWN)
    .map((name) => plainText(name))
    .join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
