/** The name most like a mistyped one; undefined when none is like it. */
export function closestName(name: string, names: Iterable<string>): string | undefined {
  const plain = normalise(name);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(plain.length * 0.4)) + 0.5;
  for (const candidate of names) {
    const other = normalise(candidate);
    const contained = plain.length > 2 && (other.includes(plain) || plain.includes(other));
    const distance = other === plain ? -1 : contained ? 0 : editDistance(plain, other);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

const normalise = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .slice(0, 64);

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
