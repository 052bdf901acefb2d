import type { RankedDocument, RankOptions } from "@mcp-optimizer/contracts";

/** The documents with a score over 0 that the options let through, best first; ties in document order. */
export function pickRanked(
  totals: Float64Array,
  { accept, atLeast = 0 }: RankOptions = {},
): RankedDocument[] {
  let best = 0;
  const accepted = accept === undefined ? undefined : new Uint8Array(totals.length);
  for (let index = 0; index < totals.length; index++) {
    const score = totals[index]!;
    if (!(score > 0) || (accept !== undefined && !accept(index))) continue;
    if (accepted !== undefined) accepted[index] = 1;
    if (score > best) best = score;
  }
  const ranked: RankedDocument[] = [];
  const least = best * atLeast;
  for (let index = 0; index < totals.length; index++) {
    const score = totals[index]!;
    if (score > 0 && score >= least && accepted?.[index] !== 0) ranked.push({ index, score });
  }
  return ranked.sort((a, b) => b.score - a.score || a.index - b.index);
}
