import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EXACT_CHARACTERS, holdTexts, tokensOf } from "../../src/ledger/held-text.ts";
import { loadO200kTokenCounter } from "../../src/tokens/o200k-token-counter.ts";

const counter = await loadO200kTokenCounter();
/** A counter that is quick, and by which a sample of an even text is right. */
const characters = { encoding: "characters", count: (text: string) => text.length };

test("a text is counted to the last character, up to its bound", () => {
  const texts = ["a text of a few words", "{}", ""];
  const held = holdTexts(texts);
  expect(tokensOf(counter, held)).toEqual({
    tokens: counter.count(texts[0]!) + counter.count("{}"),
    estimated: 0,
  });
  expect(tokensOf(characters, holdTexts(["x".repeat(EXACT_CHARACTERS)])).estimated).toBe(0);
});

test("of a longer one a sample is held, from all over it, and all of its tokens are an estimate", () => {
  const rows = Array.from({ length: 40_000 }, (_, id) => JSON.stringify({ id, name: `row ${id % 97}` })).join(
    ",",
  );
  const held = holdTexts([rows]);
  expect(held.pieces.join("").length).toBeLessThanOrEqual(8_000);
  expect(held.pieces[0]).toBe(rows.slice(0, 1_000));
  expect(held.pieces.at(-1)).toBe(rows.slice(-1_000));
  const { tokens, estimated } = tokensOf(counter, held);
  expect(estimated).toBe(tokens);
  // Counted by pieces of whole lines, as the whole takes long.
  const real = counter.count(rows.slice(0, 100_000)) * (rows.length / 100_000);
  expect(tokens / real).toBeGreaterThan(0.9);
  expect(tokens / real).toBeLessThan(1.1);
});

test("however a text is cut into blocks, its length is right", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3_000), { maxLength: 30 }),
      fc.integer({ min: 1, max: 9_000 }),
      (lengths, exact) => {
        const length = lengths.reduce((sum, each) => sum + each, 0);
        const held = holdTexts(
          lengths.map((each) => "x".repeat(each)),
          exact,
        );
        expect(held.length).toBe(length);
        expect(held.pieces.join("").length).toBeLessThanOrEqual(exact + 8);
        expect(tokensOf(characters, held)).toEqual({
          tokens: length,
          estimated: length > exact ? length : 0,
        });
      },
    ),
    { numRuns: 100 },
  );
});
