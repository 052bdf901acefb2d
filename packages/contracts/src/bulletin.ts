/** What a listener of a {@link Bulletin} is told. One that throws keeps no other from hearing, nor the publisher from going on. */
export interface BulletinListener {
  /** Something was published, by this process or another. */
  readonly onNews: (text: string) => void;
  /** Something may have been missed: the store was away. */
  readonly onGap?: () => void;
}

/** Tells all processes that share a store what happened. Nothing is kept: who was away is told of the gap. */
export interface Bulletin {
  /** Resolves when it is out. Rejects with `store_unavailable` when it cannot be reached. */
  publish(topic: string, text: string): Promise<void>;
  /** Listens from when it resolves until the answer is called. Topics do not see each other. */
  subscribe(topic: string, listener: BulletinListener): Promise<() => Promise<void>>;
}
