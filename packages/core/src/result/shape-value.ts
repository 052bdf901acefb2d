import type { JsonValue, TokenCounter } from "@mcp-optimizer/contracts";
import { cutValue, LARGEST_CUT, type CutSizes, type KnownKeys } from "./cut-value.ts";
import { jsonSize } from "./json-size.ts";
import type { ShapedValue } from "./shaped-value.ts";

/** No text has more characters than this per token in practice; longer ones are cut without counting them first. */
const CHARACTERS_PER_TOKEN = 16;

/**
 * Cuts a value by structure until its JSON and the notes of what is missing have at most `budget` tokens:
 * long lists lose their tails, long texts their ends, wide objects their last keys, deep ones their depths.
 * What is returned is always valid JSON. A budget too small for anything gives null and one note.
 */
export function shapeValue(value: JsonValue, budget: number, counter: TokenCounter): ShapedValue {
  const characters = budget * CHARACTERS_PER_TOKEN;
  const size = jsonSize(value, characters);
  // A token has at least one byte, and a JSON character at most three.
  if (size * 3 <= budget) return { value, omitted: [] };
  if (size <= characters && counter.count(JSON.stringify(value)) <= budget) return { value, omitted: [] };

  const cost = (shaped: ShapedValue): number =>
    counter.count(JSON.stringify(shaped.value)) + counter.count(JSON.stringify(shaped.omitted));
  const known: KnownKeys = new Map();
  let target = budget * 4;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const shaped = largestCut(value, target, known);
    const tokens = cost(shaped);
    if (tokens <= budget) return shaped;
    target = Math.floor((target * budget * 0.95) / tokens);
  }
  return { value: null, omitted: [`$: the whole value, ${describe(value)}`] };
}

/** The cut with the most in it whose text, notes included, has at most `target` characters. */
function largestCut(value: JsonValue, target: number, known: KnownKeys): ShapedValue {
  const fits = (sizes: CutSizes): ShapedValue | undefined => {
    const cut = cutValue(value, sizes, known);
    const notes = JSON.stringify(cut.omitted).length;
    return notes <= target && jsonSize(cut.value, target - notes) <= target - notes ? cut : undefined;
  };
  // One dial for everything first, then each dimension alone with what is left.
  let sizes: CutSizes = { items: 0, text: 0, keys: 0, depth: 0 };
  let best: ShapedValue = cutValue(value, sizes, known);
  const widen = (candidate: (step: number) => CutSizes): void => {
    let low = 0;
    let high = 64;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const cut = fits(candidate(middle));
      if (cut) {
        low = middle;
        best = cut;
        sizes = candidate(middle);
      } else high = middle - 1;
    }
  };
  widen((step) => scale(step, { items: 0, text: 0, keys: 0, depth: 0 }));
  for (const dimension of ["items", "text", "keys", "depth"] as const) {
    const from = sizes;
    widen((step) => ({ ...from, [dimension]: Math.max(from[dimension], scale(step, from)[dimension]) }));
  }
  return best;
}

/** Sizes at a step of 0 to 64: everything grows by powers, text fastest, depth slowest. */
function scale(step: number, least: CutSizes): CutSizes {
  const part = step / 64;
  const grow = (from: number, to: number): number => Math.round(from * (to / from) ** part);
  return {
    items: Math.max(least.items, step === 0 ? 0 : grow(1, LARGEST_CUT.items)),
    text: Math.max(least.text, step === 0 ? 0 : grow(24, LARGEST_CUT.text)),
    keys: Math.max(least.keys, step === 0 ? 0 : grow(8, LARGEST_CUT.keys)),
    depth: Math.max(least.depth, step === 0 ? 0 : grow(2, LARGEST_CUT.depth)),
  };
}

function describe(value: JsonValue): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "string") return `a text of ${value.length} characters`;
  return value !== null && typeof value === "object"
    ? `an object of ${Object.keys(value).length} keys`
    : typeof value;
}
