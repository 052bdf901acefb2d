import type { LearnedType, LearnedTypeStore } from "@mcp-optimizer/contracts";

/** Settings of a {@link createMemoryLearnedTypeStore}. */
export interface MemoryLearnedTypeStoreOptions {
  /** Tools that are kept, of all tenants together; over it, those go first whose entry is the longest unchanged. Default 20,000. */
  readonly maxTools?: number;
}

interface Kept {
  readonly tenant: string;
  readonly type: LearnedType;
}

/** Learned types in memory: they last as long as the process. */
export function createMemoryLearnedTypeStore(options: MemoryLearnedTypeStoreOptions = {}): LearnedTypeStore {
  const { maxTools = 20_000 } = options;
  // A Map iterates in insertion order: the first is the longest unchanged.
  const entries = new Map<string, Kept>();
  const textOf = ({ server, tool }: LearnedType): string => `${server}\n${tool}`;
  return {
    async list(tenant) {
      const own = [...entries.values()].flatMap((kept) => (kept.tenant === tenant ? [kept.type] : []));
      return structuredClone(own.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)));
    },
    async update(tenant, server, tool, change) {
      const key = JSON.stringify([tenant, server, tool]);
      const type = structuredClone(change(structuredClone(entries.get(key)?.type)));
      entries.delete(key);
      entries.set(key, { tenant, type });
      for (const [oldest] of entries) {
        if (entries.size <= maxTools) break;
        entries.delete(oldest);
      }
      return structuredClone(type);
    },
    async forget(tenant, server, tool) {
      const doomed = [...entries].filter(
        ([, { tenant: owner, type }]) =>
          owner === tenant &&
          (server === undefined || type.server === server) &&
          (tool === undefined || type.tool === tool),
      );
      for (const [key] of doomed) entries.delete(key);
      return doomed.length;
    },
  };
}
