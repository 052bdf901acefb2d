import type { LedgerQuery, LedgerSum } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { ledgerFigures } from "../../src/ledger/ledger-figures.ts";
import { summaryNotes } from "../../src/ledger/summary-notes.ts";

const sums: readonly LedgerSum[] = [
  { part: "answers", subject: "run_code", count: 1, tokens: 5, estimated: 0, from: 2, to: 2, key: "s" },
];

test.each<[string, Partial<LedgerQuery>, boolean]>([
  ["since a moment", { since: 1 }, true],
  ["day by day", { by: "day" }, true],
  ["in all", {}, false],
  ["of a run since a moment", { runId: "r", since: 1 }, false],
])("%s, it is said where the lists of a session count", (_, { by, ...query }, said) => {
  const notes = summaryNotes(ledgerFigures(sums), sums, query, by);
  expect(notes.some((note) => note.startsWith("The lists of a session count when"))).toBe(said);
});
