import type { LedgerPart, LedgerQuery } from "@mcp-optimizer/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { foldEntries } from "../../src/ledger/fold-entries.ts";
import { ledgerFigures } from "../../src/ledger/ledger-figures.ts";
import type { StoredEntry } from "../../src/ledger/stored-entry.ts";
import { sumEntries } from "../../src/ledger/sum-entries.ts";

const OURS = ["list", "search", "programs", "answers", "direct", "retries"] as const;
const THEIRS = ["definitions", "arguments", "results"] as const;
const BESIDE = ["list_wire", "definitions_wire", "failed_calls", "media"] as const;
const LISTS: ReadonlySet<LedgerPart> = new Set(["list", "definitions", "list_wire", "definitions_wire"]);

const name = (letter: string) => fc.option(fc.constantFrom(`${letter}1`, `${letter}2`), { nil: undefined });
const entries: fc.Arbitrary<StoredEntry[]> = fc.array(
  fc
    .record({
      session: name("s"),
      runId: name("r"),
      from: fc.integer({ min: 0, max: 3 * 86_400_000 }),
      part: fc.constantFrom<LedgerPart>(...OURS, ...THEIRS, ...BESIDE),
      subject: fc.constantFrom("", "a", "b"),
      count: fc.nat(3),
      tokens: fc.nat(1_000),
      some: fc.nat(1),
    })
    .map(({ session, runId, some, ...rest }) => ({
      ...rest,
      tenant: "t",
      ...(session !== undefined && { session }),
      // Lists are of sessions, never of runs.
      ...(runId !== undefined && !LISTS.has(rest.part) && { runId }),
      estimated: some * rest.tokens,
      to: rest.from,
      folded: false,
    })),
  { maxLength: 40 },
);

const figuresOf = (all: readonly StoredEntry[], query: Partial<LedgerQuery> = {}) =>
  ledgerFigures(sumEntries(all, { tenant: "t", ...query }));
const KEYS = ["baseline", "ours", "saved", ...OURS, ...THEIRS, "failedCalls", "definitionsWire"] as const;

test("the total is the sum of its sessions, of its days, and of its runs with what belongs to none", () => {
  fc.assert(
    fc.property(entries, fc.constantFrom("session", "day", "run"), (all, by) => {
      const whole = figuresOf(all);
      const sums = sumEntries(all, { tenant: "t", by });
      const parts = [...Map.groupBy(sums, ({ key }) => key).values()].map((own) => ledgerFigures(own));
      for (const key of KEYS) {
        expect(
          parts.reduce((sum, part) => sum + part[key].tokens, 0),
          key,
        ).toBe(whole[key].tokens);
        expect(
          parts.reduce((sum, part) => sum + part[key].estimated, 0),
          key,
        ).toBe(whole[key].estimated);
      }
    }),
    { numRuns: 60 },
  );
});

test("saved is the baseline without ours, and a share only of a baseline that there is", () => {
  fc.assert(
    fc.property(entries, (all) => {
      const figures = figuresOf(all);
      const total = (names: readonly (typeof OURS)[number][] | typeof THEIRS): number =>
        names.reduce((sum, part) => sum + figures[part].tokens, 0);
      expect(figures.baseline.tokens).toBe(total(THEIRS));
      expect(figures.ours.tokens).toBe(total(OURS));
      expect(figures.saved.tokens).toBe(total(THEIRS) - total(OURS));
      expect(figures.savedShare !== undefined).toBe(total(THEIRS) > 0);
      const guessed = all.some(
        ({ part, estimated }) => estimated > 0 && ![...BESIDE].includes(part as "media"),
      );
      expect(figures.saved.mark).toBe(guessed ? "estimated" : "computed");
    }),
    { numRuns: 60 },
  );
});

test("folding loses no token, and no half of a session is left", () => {
  fc.assert(
    fc.property(entries, fc.nat(40), fc.nat(3 * 86_400_000), (all, maxEntries, keepFrom) => {
      const folded = foldEntries(all, { maxEntries, keepFrom });
      expect(figuresOf(folded)).toEqual(figuresOf(all));
      expect(folded.filter((entry) => !entry.folded).length).toBeLessThanOrEqual(maxEntries);
      for (const session of ["s1", "s2"]) {
        const left = figuresOf(folded, { session });
        if (folded.some((entry) => entry.session === session))
          expect(left).toEqual(figuresOf(all, { session }));
      }
      expect(foldEntries(folded, { maxEntries, keepFrom })).toHaveLength(folded.length);
    }),
    { numRuns: 60 },
  );
});
