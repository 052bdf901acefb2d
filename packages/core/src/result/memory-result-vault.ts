import { OptimizerError, type Clock, type ResultVault, type VaultEntry } from "@mcp-optimizer/contracts";
import { jsonSize } from "./json-size.ts";

/** Settings of a {@link createMemoryResultVault}. */
export interface MemoryResultVaultOptions {
  readonly clock: Clock;
  /** A fresh unguessable text for each call. */
  readonly randomId: () => string;
  /** How long an entry is kept after it was put. Default 3,600,000 (an hour). */
  readonly ttlMs?: number;
  /** Size of all entries together, in characters of their JSON. Default 256 Mi. */
  readonly maxSize?: number;
}

interface Stored {
  readonly tenant: string;
  readonly entry: VaultEntry;
  readonly size: number;
  readonly expires: number;
}

/** A vault in memory. Over its size the entries that were used least recently go first. */
export function createMemoryResultVault(options: MemoryResultVaultOptions): ResultVault {
  const { clock, randomId, ttlMs = 3_600_000, maxSize = 256 * 1024 * 1024 } = options;
  // A Map iterates in insertion order: the first is the least recently used.
  const entries = new Map<string, Stored>();
  let total = 0;

  const drop = (handle: string): void => {
    total -= entries.get(handle)?.size ?? 0;
    entries.delete(handle);
  };
  const dropExpired = (): void => {
    for (const [handle, { expires }] of entries) if (expires <= clock.now()) drop(handle);
  };

  return {
    async put(tenant, entry) {
      const size = entry.kind === "json" ? jsonSize(entry.value, maxSize) : entry.base64.length;
      if (size > maxSize) {
        throw new OptimizerError("output_limit", {
          detail: `a result of over ${maxSize} characters cannot be kept`,
        });
      }
      dropExpired();
      for (const [handle] of entries) {
        if (total + size <= maxSize) break;
        drop(handle);
      }
      const handle = `h_${randomId()}`;
      entries.set(handle, { tenant, entry, size, expires: clock.now() + ttlMs });
      total += size;
      return handle;
    },
    async get(tenant, handle) {
      const stored = entries.get(handle);
      if (stored === undefined || stored.tenant !== tenant) return undefined;
      if (stored.expires <= clock.now()) {
        drop(handle);
        return undefined;
      }
      entries.delete(handle);
      entries.set(handle, stored);
      return stored.entry;
    },
  };
}
