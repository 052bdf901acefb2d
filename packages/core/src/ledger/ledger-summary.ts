import type { LedgerQuery, LedgerStore, LedgerSum } from "@mcp-optimizer/contracts";
import { ledgerFigures, type LedgerFigures } from "./ledger-figures.ts";
import { summaryNotes } from "./summary-notes.ts";

/** What is to be summed up. */
export interface SummaryQuery extends Omit<LedgerQuery, "tenant" | "by"> {
  /** Default `local`. */
  readonly tenant?: string;
  /** Sums for each of these as well. Default: none. */
  readonly by?: NonNullable<LedgerQuery["by"]>;
}

/** What was spent, what would have been, and what both are about. Tokens are those of `encoding`. */
export interface LedgerSummary {
  readonly encoding: string;
  /** What was asked for. */
  readonly of: Required<Pick<SummaryQuery, "tenant">> & SummaryQuery;
  /** The first and the last of it, in milliseconds since the epoch; absent where nothing is recorded. */
  readonly from?: number;
  readonly to?: number;
  readonly figures: LedgerFigures;
  /** Sessions whose lists of tools are in the figures. */
  readonly sessions: number;
  /** Servers whose definitions are, with the tokens of these, most first. */
  readonly servers: readonly { readonly name: string; readonly definitions: number }[];
  /** Upstream tools that were called, with the tokens of arguments and results, most first. */
  readonly tools: readonly { readonly name: string; readonly calls: number; readonly tokens: number }[];
  /** What the figures take for granted, and what is in none of them. */
  readonly notes: readonly string[];
  /** Day by day, or session by session, or run by run, the latest first; there where it was asked for. */
  readonly each?: readonly LedgerPeriod[];
}

/** A day, session or run. */
export interface LedgerPeriod {
  /** Absent for all that belongs to none that is known. */
  readonly key?: string;
  readonly from: number;
  readonly to: number;
  readonly figures: LedgerFigures;
}

/** Sums up a store. Rejects with `store_unavailable`. */
export async function readSummary(
  store: Pick<LedgerStore, "sum">,
  encoding: string,
  query: SummaryQuery = {},
): Promise<LedgerSummary> {
  const { by, ...asked } = { ...query, tenant: query.tenant ?? "local" };
  // One reading: the parts are those of the whole, whatever is written meanwhile.
  const sums = await store.sum({ ...asked, by: by ?? "session" });
  const each = periodsOf(sums);
  const figures = ledgerFigures(sums);
  const definitions = totals(sums.filter(({ part }) => part === "definitions"));
  const calls = totals(sums.filter(({ part }) => part === "arguments" || part === "results"));
  const made = totals(sums.filter(({ part }) => part === "results"));
  return {
    encoding,
    of: { ...asked, ...(by && { by }) },
    ...(each.length > 0 && {
      from: Math.min(...each.map(({ from }) => from)),
      to: Math.max(...each.map(({ to }) => to)),
    }),
    figures,
    sessions: figures.list.count ?? 0,
    servers: definitions.map(({ subject, tokens }) => ({ name: subject, definitions: tokens })),
    tools: calls.map(({ subject, tokens }) => ({
      name: subject,
      calls: made.find((one) => one.subject === subject)?.count ?? 0,
      tokens,
    })),
    notes: summaryNotes(figures, sums, asked, by),
    ...(by && { each }),
  };
}

function periodsOf(sums: readonly LedgerSum[]): LedgerPeriod[] {
  return [...Map.groupBy(sums, ({ key }) => key)]
    .map(([key, own]) => ({
      ...(key !== undefined && { key }),
      from: Math.min(...own.map(({ from }) => from)),
      to: Math.max(...own.map(({ to }) => to)),
      figures: ledgerFigures(own),
    }))
    .toSorted((a, b) => b.to - a.to);
}

function totals(sums: readonly LedgerSum[]): { subject: string; tokens: number; count: number }[] {
  return [...Map.groupBy(sums, ({ subject }) => subject)]
    .map(([subject, own]) => ({
      subject,
      tokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
      count: own.reduce((sum, { count }) => sum + count, 0),
    }))
    .toSorted((a, b) => b.tokens - a.tokens);
}
