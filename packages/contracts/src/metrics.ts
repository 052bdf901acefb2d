/** Counts what happens. Names are in snake case and end in `_total`; labels have few values, never a user's data. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
}
