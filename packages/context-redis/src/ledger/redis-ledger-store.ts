import { randomUUID } from "node:crypto";
import type { Clock, LedgerEntry, LedgerStore } from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { entryField, listsText, readLedger, type LedgerSnapshot } from "./ledger-fields.ts";
import { APPEND, FOLD, READ, SET_LISTS } from "./ledger-scripts.ts";
import { planFold } from "./plan-fold.ts";
import { sumLedger } from "./sum-ledger.ts";

/** Settings of a {@link createRedisLedgerStore}. */
export interface RedisLedgerOptions {
  readonly link: RedisLink;
  readonly clock: Pick<Clock, "now">;
  /** Entries of a tenant that are kept one by one; over it, the oldest become sums of days. Default 20,000. */
  readonly maxEntries?: number;
  /** Days after which entries become sums. Default 90. */
  readonly keepDays?: number;
  /** Days after which all is forgotten of a tenant that spends nothing more. Default 400. */
  readonly idleDays?: number;
}

const DAY_MS = 86_400_000;
/** One script moves about so many entries: others wait for no long one. */
const FOLD_AT_ONCE = 500;

/**
 * A ledger that all processes share; what is of one tenant is in one node of a cluster. `append` adds entries tenant by tenant: when it rejects,
 * those of some may be in, and giving it the same objects again adds the others alone.
 */
export function createRedisLedgerStore(options: RedisLedgerOptions): LedgerStore {
  const { link, clock, maxEntries = 20_000, keepDays = 90, idleDays = 400 } = options;
  const [append, setLists, fold] = [link.writing(APPEND), link.writing(SET_LISTS), link.writing(FOLD)];
  const read = link.reading(READ);
  /** Of entries that may have been added: what Redis knows that by. */
  const tries = new WeakMap<LedgerEntry, string>();
  const keysOf = (tenant: string): string[] =>
    ["cells", "lists", "days", "looked"].map((name) => link.key(`ledger:${JSON.stringify(tenant)}`, name));
  const idleMs = idleDays * DAY_MS;

  const snapshot = async (tenant: string): Promise<LedgerSnapshot> =>
    readLedger((await read(keysOf(tenant), [])) as readonly (readonly string[])[]);
  const keepBounds = async (tenant: string, state: unknown): Promise<void> => {
    const [entries, looked] = (state as readonly [number, string]).map(Number) as [number, number];
    const now = clock.now();
    if (entries <= maxEntries && now - looked < DAY_MS) return;
    const units = planFold(await snapshot(tenant), { keepFrom: now - keepDays * DAY_MS, maxEntries });
    for (let at = 0; at < units.length;) {
      let until = at;
      for (let size = 0; until < units.length && size < FOLD_AT_ONCE; until += 1)
        size += units[until]!.from.length;
      await fold(keysOf(tenant), [JSON.stringify(units.slice(at, until)), idleMs]);
      at = until;
    }
    await link.command("SET", keysOf(tenant)[3]!, now, "PX", idleMs);
  };
  const appendOf = async (tenant: string, id: string, entries: readonly LedgerEntry[]): Promise<void> => {
    const added = entries.flatMap((entry) => [entryField(entry), entry.count, entry.tokens, entry.estimated]);
    const keys = [...keysOf(tenant), link.key(`ledger:${JSON.stringify(tenant)}`, "done", id)];
    await keepBounds(tenant, await append(keys, [clock.now(), idleMs, DAY_MS, ...added]));
  };

  return {
    async append(entries) {
      const fresh = randomUUID();
      const batches = Map.groupBy(entries, (entry) =>
        JSON.stringify([entry.tenant, tries.get(entry) ?? fresh]),
      );
      try {
        for (const [name, batch] of batches) {
          const [tenant, id] = JSON.parse(name) as [string, string];
          await appendOf(tenant, id, batch);
        }
      } catch (error) {
        // Those of tenants that came before it are in it.
        for (const entry of entries) if (!tries.has(entry)) tries.set(entry, fresh);
        throw error;
      }
      for (const entry of entries) tries.delete(entry);
    },
    async setLists({ tenant, session, at, amounts }) {
      const lists = amounts.length === 0 ? "" : listsText(at, amounts);
      const state = await setLists(keysOf(tenant), [clock.now(), idleMs, JSON.stringify(session), lists]);
      await keepBounds(tenant, state);
    },
    sum: async (query) => sumLedger(await snapshot(query.tenant), query),
  };
}
