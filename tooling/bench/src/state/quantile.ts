/** The value below which a share of sorted values is. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/** The one in the middle. */
export const median = (values: readonly number[]): number =>
  quantile(
    [...values].sort((one, other) => one - other),
    0.5,
  );

/** A thousandth is enough. */
export const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
