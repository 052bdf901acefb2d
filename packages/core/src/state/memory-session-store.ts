import {
  OptimizerError,
  type Clock,
  type JsonObject,
  type SessionRecord,
  type SessionStore,
} from "@mcp-optimizer/contracts";

/** Settings of a {@link createMemorySessionStore}. */
export interface MemorySessionStoreOptions {
  readonly clock: Pick<Clock, "now">;
  /**
   * Sessions that are kept, of all tenants together. Over it, expired ones that nobody has taken make room; where there are none, a further one
   * is `concurrency_limit`. Default 100,000.
   */
  readonly maxSessions?: number;
  /** Characters of all data as JSON; what would be over it is `context_limit`. Default 256 Mi. */
  readonly maxSize?: number;
}

interface Stored {
  /** How many had been made before. */
  readonly place: number;
  readonly record: Omit<SessionRecord, "data">;
  readonly text: string;
}

/** Sessions in memory: they last as long as the process. */
export function createMemorySessionStore(options: MemorySessionStoreOptions): SessionStore {
  const { clock, maxSessions = 100_000, maxSize = 256 * 1024 * 1024 } = options;
  // In order of creation: a changed one keeps its place.
  const tenants = new Map<string, Map<string, Stored>>();
  let places = 0;
  let sessions = 0;
  let total = 0;

  const find = (tenant: string, id: string): Stored | undefined => tenants.get(tenant)?.get(id);
  const isOver = ({ record }: Stored): boolean => record.expiresAt <= clock.now();
  const live = (tenant: string, id: string): Stored | undefined => {
    const stored = find(tenant, id);
    return stored === undefined || isOver(stored) ? undefined : stored;
  };
  const drop = (stored: Stored): void => {
    const { tenant, id } = stored.record;
    const own = tenants.get(tenant)!;
    own.delete(id);
    if (own.size === 0) tenants.delete(tenant);
    sessions -= 1;
    total -= stored.text.length;
  };
  const keep = (stored: Stored, instead?: Stored): SessionRecord => {
    const { tenant, id } = stored.record;
    const size = total + stored.text.length - (instead?.text.length ?? 0);
    if (size > maxSize) {
      throw new OptimizerError("context_limit", {
        detail: `all sessions together would be over ${maxSize} characters`,
      });
    }
    const own = tenants.get(tenant) ?? new Map<string, Stored>();
    tenants.set(tenant, own);
    own.set(id, stored);
    total = size;
    return recordOf(stored);
  };
  const expired = (limit: number): Stored[] => {
    const found: Stored[] = [];
    for (const own of tenants.values()) {
      for (const stored of own.values()) {
        if (found.length >= limit) return found;
        if (isOver(stored)) found.push(stored);
      }
    }
    return found;
  };
  const lengthened = ({ record, ...rest }: Stored): Stored => ({
    ...rest,
    record: { ...record, expiresAt: clock.now() + record.ttlMs },
  });

  return {
    async create({ data, ...made }) {
      if (find(made.tenant, made.id) !== undefined) {
        throw new OptimizerError("conflict", {
          detail: `there is a session ${JSON.stringify(made.id)} already`,
        });
      }
      if (sessions >= maxSessions) for (const stored of expired(Infinity)) drop(stored);
      if (sessions >= maxSessions) {
        throw new OptimizerError("concurrency_limit", {
          detail: `there are ${maxSessions} sessions already`,
        });
      }
      const now = clock.now();
      const { tenant, id, principal, ttlMs } = made;
      const record = { tenant, id, principal, ttlMs, version: 1, createdAt: now, expiresAt: now + ttlMs };
      const kept = keep({ place: (places += 1), record, text: JSON.stringify(data) });
      sessions += 1;
      return kept;
    },
    async get(tenant, id) {
      const stored = live(tenant, id);
      return stored && recordOf(stored);
    },
    async update(tenant, id, version, data) {
      const stored = live(tenant, id);
      if (stored === undefined) {
        throw new OptimizerError("not_found", { detail: `there is no session ${JSON.stringify(id)}` });
      }
      if (stored.record.version !== version) {
        throw new OptimizerError("conflict", {
          detail: `the session ${JSON.stringify(id)} has version ${stored.record.version} by now`,
        });
      }
      const next = lengthened(stored);
      const record = { ...next.record, version: version + 1 };
      return keep({ ...next, record, text: JSON.stringify(data) }, stored);
    },
    async touch(tenant, id) {
      const stored = live(tenant, id);
      if (stored !== undefined) keep(lengthened(stored), stored);
      return stored !== undefined;
    },
    async delete(tenant, id) {
      const stored = live(tenant, id);
      if (stored !== undefined) drop(stored);
      return stored && recordOf(stored);
    },
    async list(tenant, { cursor, limit = 20 } = {}) {
      const after = cursor === undefined ? 0 : placeOf(cursor);
      const page: Stored[] = [];
      for (const stored of tenants.get(tenant)?.values() ?? []) {
        if (stored.place <= after || isOver(stored)) continue;
        page.push(stored);
        if (page.length > limit) break;
      }
      const shown = page.slice(0, limit);
      const last = shown.at(-1);
      const more = last !== undefined && page.length > limit;
      return { sessions: shown.map(recordOf), ...(more && { cursor: String(last.place) }) };
    },
    async takeExpired(limit) {
      const taken = expired(limit);
      for (const stored of taken) drop(stored);
      return taken.map(recordOf);
    },
  };
}

const recordOf = ({ record, text }: Stored): SessionRecord => ({
  ...record,
  data: JSON.parse(text) as JsonObject,
});

function placeOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new OptimizerError("invalid_params", { detail: "the cursor is not one that a list gave" });
}
