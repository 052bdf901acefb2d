/**
 * Keeps answers for a while, and knows what writes have made of them. An answer carries the generations that its servers had before they were
 * asked; it counts for as long as they are the same. Keys and generations are the same for all who share the store.
 */
export interface ResponseCache {
  /** What was put under a key; undefined when it expired, went to make room, or never was. */
  get(key: string): Promise<string | undefined>;
  /** Puts a text under a key, over what was there, for so many milliseconds. One that is too large for the store is not kept. */
  put(key: string, text: string, ttlMs: number): Promise<void>;
  /**
   * The generation of each server, in order; undefined while anybody holds it. A server has had no generation twice, even if all of the store
   * was lost in between.
   */
  generations(servers: readonly string[]): Promise<readonly (string | undefined)[]>;
  /**
   * Gives a server a new generation, and holds it for so many milliseconds from now, or until it is released: nothing that is read meanwhile
   * can be kept. Holding anew under the same name replaces the time. 0 only gives a new generation.
   */
  hold(server: string, by: string, ms: number): Promise<void>;
  /** Ends the holding of that name, and gives the server a new generation. */
  release(server: string, by: string): Promise<void>;
}
