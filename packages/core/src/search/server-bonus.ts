/** Of the mean of a server's best scores. */
const SHARE = 0.15;
const BEST = 3;

/** Raises every score over 0 by a share of the mean of its server's best three: siblings of what fits well are likelier to fit. */
export function addServerBonus(totals: Float64Array, servers: Uint32Array, count: number): void {
  const best = new Float64Array(count * BEST);
  for (let document = 0; document < totals.length; document++) {
    let score = totals[document]!;
    if (score <= best[servers[document]! * BEST + BEST - 1]!) continue;
    for (let at = servers[document]! * BEST, end = at + BEST; at < end; at++) {
      const held = best[at]!;
      if (score > held) {
        best[at] = score;
        score = held;
      }
    }
  }
  for (let document = 0; document < totals.length; document++) {
    if (!(totals[document]! > 0)) continue;
    const from = servers[document]! * BEST;
    totals[document]! += (SHARE * (best[from]! + best[from + 1]! + best[from + 2]!)) / BEST;
  }
}
