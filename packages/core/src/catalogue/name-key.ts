const ASCII = /^[\0-\x7f]*$/;

/** A name without case and separators: `get-sum`, `getSum` and `GET_SUM` have the same key. */
export function nameKey(name: string): string {
  if (ASCII.test(name)) return name.replace(/[^A-Za-z0-9]+/g, "").toLowerCase();
  return name
    .normalize("NFKC")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "")
    .toLowerCase();
}
