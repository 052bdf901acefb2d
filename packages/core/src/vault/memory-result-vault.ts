import { OptimizerError, type Clock, type ResultVault, type VaultEntry } from "@mcp-optimizer/contracts";

/** Settings of a {@link createMemoryResultVault}. */
export interface MemoryResultVaultOptions {
  readonly clock: Pick<Clock, "now">;
  /** A fresh unguessable text for each call. */
  readonly randomId: () => string;
  /** How long an entry is kept after it was last put or got, in milliseconds. Default 3,600,000 (an hour). */
  readonly ttlMs?: number;
  /** Size of all entries together, in characters; each counts 500 beside its own. Default 256 Mi. */
  readonly maxSize?: number;
}

/** What an entry costs beside its characters. */
const OVERHEAD = 500;

interface Stored {
  readonly handle: string;
  readonly holder: Holder;
  readonly digest: string | undefined;
  readonly size: number;
  entry: VaultEntry;
  expires: number;
}

/** What one tenant has. */
interface Holder {
  readonly tenant: string;
  size: number;
  /** As below, of this tenant. */
  readonly entries: Map<string, Stored>;
  readonly byDigest: Map<string, Stored>;
}

/** A vault in memory: it lasts as long as the process. */
export function createMemoryResultVault(options: MemoryResultVaultOptions): ResultVault {
  const { clock, randomId, ttlMs = 3_600_000, maxSize = 256 * 1024 * 1024 } = options;
  const holders = new Map<string, Holder>();
  // A Map iterates in insertion order: the first is what was used least recently, and what expires first.
  const entries = new Map<string, Stored>();
  let total = 0;

  const drop = ({ handle, holder, digest, size }: Stored): void => {
    total -= size;
    holder.size -= size;
    entries.delete(handle);
    holder.entries.delete(handle);
    if (digest !== undefined) holder.byDigest.delete(digest);
    if (holder.entries.size === 0) holders.delete(holder.tenant);
  };
  const dropExpired = (): void => {
    for (const stored of entries.values()) {
      if (stored.expires > clock.now()) return;
      drop(stored);
    }
  };
  const use = (stored: Stored): void => {
    const { handle, holder } = stored;
    stored.expires = clock.now() + ttlMs;
    for (const map of [entries, holder.entries]) {
      map.delete(handle);
      map.set(handle, stored);
    }
  };
  /** Makes room for an entry that its holder does not have yet. */
  const makeRoom = (mine: Holder, size: number): void => {
    for (;;) {
      if (total + size <= maxSize) return;
      let most = mine;
      let mostSize = mine.size + size;
      for (const holder of holders.values()) {
        if (holder.size > mostSize) {
          most = holder;
          mostSize = holder.size;
        }
      }
      const [oldest = entries.values().next().value!] = most.entries.values();
      drop(oldest);
    }
  };

  return {
    async put(tenant, entry, { digest } = {}) {
      const size = OVERHEAD + (entry.kind === "blob" ? entry.base64 : entry.text).length;
      if (size > maxSize) {
        throw new OptimizerError("output_limit", {
          detail: `a result of over ${maxSize} characters cannot be kept`,
        });
      }
      dropExpired();
      const known = digest === undefined ? undefined : holders.get(tenant)?.byDigest.get(digest);
      if (known !== undefined) {
        known.entry = withSources(known.entry, entry.sources);
        use(known);
        return known.handle;
      }
      const holder = holders.get(tenant) ?? { tenant, size: 0, entries: new Map(), byDigest: new Map() };
      makeRoom(holder, size);
      const stored: Stored = { handle: `h_${randomId()}`, holder, digest, size, entry, expires: 0 };
      holders.set(tenant, holder);
      use(stored);
      if (digest !== undefined) holder.byDigest.set(digest, stored);
      holder.size += size;
      total += size;
      return stored.handle;
    },
    async get(tenant, handle) {
      dropExpired();
      const stored = entries.get(handle);
      if (stored?.holder.tenant !== tenant) return undefined;
      use(stored);
      return stored.entry;
    },
  };
}

/** The entry itself while it has all of them, so that what was made of it is found again. */
function withSources(entry: VaultEntry, more: readonly string[] = []): VaultEntry {
  const { sources = [] } = entry;
  const strange = more.filter((source) => !sources.includes(source));
  return strange.length === 0 ? entry : { ...entry, sources: [...sources, ...strange] };
}
