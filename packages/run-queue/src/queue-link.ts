/** Runs a script as one step. All its keys have the same slot. */
export type QueueScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A connection of ioredis. */
export interface QueueClient {
  disconnect(): void;
  /** Makes another one like it. */
  duplicate: (...options: never[]) => QueueClient;
}

/** What a queue needs of a Redis; the link of `context-redis` is one. What it is asked rejects with `store_unavailable` while Redis is away. */
export interface QueueLink {
  /** The name of a key. Keys of one slot are in one node of a cluster. */
  key(slot: string, ...parts: readonly string[]): string;
  reading(source: string): QueueScript;
  writing(source: string): QueueScript;
  subscribe(
    channel: string,
    listener: { readonly onNews: (text: string) => void; readonly onGap?: () => void },
  ): Promise<() => Promise<void>>;
  publish(channel: string, text: string): Promise<void>;
  /** Another connection, of ioredis, that waits without a limit. The queue ends it. */
  blockingClient(): QueueClient;
}
