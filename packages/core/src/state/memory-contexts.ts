import type { EvictedKey } from "@mcp-optimizer/contracts";

/** A value under its key. */
export interface ContextEntry extends EvictedKey {
  readonly text: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** What a session has, by {@link entryName}; what was used least recently is first. */
export interface MemoryContext {
  readonly holder: Holder;
  readonly session: string;
  readonly entries: Map<string, ContextEntry>;
  bytes: number;
}

/** What one tenant has; the session that was used least recently is first. */
interface Holder {
  readonly tenant: string;
  readonly contexts: Map<string, MemoryContext>;
  size: number;
}

/** What an entry costs beside its bytes. */
export const ENTRY_OVERHEAD = 200;

/** A text for a key of a namespace, that no other has. */
export const entryName = (namespace: string, key: string): string => JSON.stringify([namespace, key]);

/** The contexts of all tenants, with what they cost. */
export class MemoryContexts {
  readonly #holders = new Map<string, Holder>();
  #size = 0;

  find(tenant: string, session: string): MemoryContext | undefined {
    return this.#holders.get(tenant)?.contexts.get(session);
  }

  /** Finds or makes a context, which is the most recently used one then. */
  use(tenant: string, session: string): MemoryContext {
    const holder = this.#holders.get(tenant) ?? { tenant, contexts: new Map(), size: 0 };
    this.#holders.set(tenant, holder);
    const context = holder.contexts.get(session) ?? { holder, session, entries: new Map(), bytes: 0 };
    holder.contexts.delete(session);
    holder.contexts.set(session, context);
    return context;
  }

  /** Puts an entry last. There is none of its name. */
  add(context: MemoryContext, entry: ContextEntry): void {
    context.entries.set(entryName(entry.namespace, entry.key), entry);
    this.#grow(context, entry.bytes, ENTRY_OVERHEAD);
  }

  remove(context: MemoryContext, name: string): boolean {
    const entry = context.entries.get(name);
    if (entry === undefined) return false;
    context.entries.delete(name);
    this.#grow(context, -entry.bytes, -ENTRY_OVERHEAD);
    return true;
  }

  /** Takes out what has expired, of a context or of all. */
  dropExpired(now: number, one?: MemoryContext): void {
    for (const context of one === undefined ? this.#all() : [one]) {
      for (const [name, { expires }] of context.entries) if (expires <= now) this.remove(context, name);
      if (context.entries.size === 0) this.#forget(context);
    }
  }

  /** Takes out whole contexts, of the tenant that has most and used least recently, until all that is left is within a size. */
  shrink(maxSize: number, spared: MemoryContext): void {
    while (this.#size > maxSize) {
      let most: Holder | undefined;
      for (const holder of this.#holders.values()) {
        const has = holder.contexts.size > (holder === spared.holder ? 1 : 0);
        if (has && holder.size > (most?.size ?? 0)) most = holder;
      }
      let oldest: MemoryContext | undefined;
      for (const context of most?.contexts.values() ?? []) {
        if (context === spared) continue;
        oldest = context;
        break;
      }
      if (oldest === undefined) return;
      for (const name of oldest.entries.keys()) this.remove(oldest, name);
      this.#forget(oldest);
    }
  }

  #all(): MemoryContext[] {
    return [...this.#holders.values()].flatMap(({ contexts }) => [...contexts.values()]);
  }

  #forget({ holder, session }: MemoryContext): void {
    holder.contexts.delete(session);
    if (holder.contexts.size === 0) this.#holders.delete(holder.tenant);
  }

  #grow(context: MemoryContext, bytes: number, overhead: number): void {
    context.bytes += bytes;
    context.holder.size += bytes + overhead;
    this.#size += bytes + overhead;
  }
}
