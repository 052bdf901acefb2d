/** Counts what is under way at once, by key, for all processes that share a store. */
export interface RunPlaces {
  /**
   * Takes one of so many places of a key. Resolves with what gives it back, or with undefined when all are taken. A place that nobody gave back
   * is free again after `leaseMs`: its holder has died.
   */
  take(key: string, places: number, leaseMs: number): Promise<(() => Promise<void>) | undefined>;
}
