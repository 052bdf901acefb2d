import type { ContextScope, EvictedKey, JsonValue } from "@mcp-optimizer/contracts";

interface Kept {
  readonly namespace: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly bytes: number;
  readonly expires: number;
}

/** What a key with its value counts for a session's limit. */
export const contextBytes = (key: string, value: JsonValue): number =>
  Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value));

/** What the ContextStore port says of one session, in the plainest way: stores are compared with it. */
export class ContextModel {
  /** Least recently used first. */
  #kept: Kept[] = [];
  #now = 0;

  pass(ms: number): void {
    this.#now += ms;
    this.#kept = this.#kept.filter(({ expires }) => expires > this.#now);
  }

  /** The keys that made room, or undefined when the value is too large. */
  set(
    { namespace }: ContextScope,
    key: string,
    value: JsonValue,
    ttlMs: number,
    limit: number,
  ): EvictedKey[] | undefined {
    const bytes = contextBytes(key, value);
    if (bytes > limit) return undefined;
    this.#take(namespace, key);
    const evicted: EvictedKey[] = [];
    while (this.size() + bytes > limit) {
      const { namespace: from, key: oldest } = this.#kept.shift()!;
      evicted.push({ namespace: from, key: oldest });
    }
    this.#kept.push({ namespace, key, value, bytes, expires: this.#now + ttlMs });
    return evicted;
  }

  get({ namespace }: ContextScope, key: string): JsonValue | undefined {
    const found = this.#take(namespace, key);
    if (found !== undefined) this.#kept.push(found);
    return found?.value;
  }

  delete({ namespace }: ContextScope, key: string): boolean {
    return this.#take(namespace, key) !== undefined;
  }

  keys({ namespace }: ContextScope): string[] {
    return this.#of(namespace)
      .map(({ key }) => key)
      .sort();
  }

  clear(namespace?: string): number {
    const gone = this.#of(namespace);
    this.#kept = this.#kept.filter((kept) => !gone.includes(kept));
    return gone.length;
  }

  size(namespace?: string): number {
    return this.#of(namespace).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #of(namespace: string | undefined): Kept[] {
    return this.#kept.filter((kept) => namespace === undefined || kept.namespace === namespace);
  }

  #take(namespace: string, key: string): Kept | undefined {
    const at = this.#kept.findIndex((kept) => kept.namespace === namespace && kept.key === key);
    return at < 0 ? undefined : this.#kept.splice(at, 1)[0];
  }
}
