import type { LedgerSum } from "@mcp-optimizer/contracts";

/**
 * Where a figure comes from: `measured` by the tokenizer, from the very texts; `computed` from measured ones, by sums and differences;
 * `estimated`, because something in it was: a long text is counted by samples.
 */
export type FigureMark = "measured" | "computed" | "estimated";

/** An amount of tokens that says how it was found. */
export interface Figure {
  readonly tokens: number;
  readonly mark: FigureMark;
  /** How many of the tokens were estimated, of either sign. */
  readonly estimated: number;
  /** Searches, programs, calls; of a computed figure, none. */
  readonly count?: number;
}

/** The figure of sums. */
export function measuredFigure(sums: readonly LedgerSum[]): Figure {
  const add = (key: "tokens" | "estimated" | "count"): number =>
    sums.reduce((sum, each) => sum + each[key], 0);
  const estimated = add("estimated");
  return {
    tokens: add("tokens"),
    mark: estimated > 0 ? "estimated" : "measured",
    estimated,
    count: add("count"),
  };
}

/** What is left of figures when others are taken from them. */
export function computedFigure(plus: readonly Figure[], minus: readonly Figure[] = []): Figure {
  const add = (figures: readonly Figure[]): number => figures.reduce((sum, { tokens }) => sum + tokens, 0);
  const estimated = [...plus, ...minus].reduce((sum, figure) => sum + figure.estimated, 0);
  return { tokens: add(plus) - add(minus), mark: estimated > 0 ? "estimated" : "computed", estimated };
}
