import { createHash } from "node:crypto";
import {
  OptimizerError,
  type Clock,
  type SessionPage,
  type SessionRecord,
  type SessionStore,
} from "@mcp-optimizer/contracts";
import type { RedisLink } from "../link/redis-link.ts";
import { recordOf, type SessionRow } from "./session-row.ts";
import { scriptTime } from "../time/script-time.ts";
import { CREATE, DELETE, ENDED, PART, READ, READ_ALL, TAKE, TOUCH, UPDATE } from "./session-scripts.ts";
import { createWriteMarks } from "./write-marks.ts";

/** Settings of a {@link createRedisSessionStore}. */
export interface RedisSessionStoreOptions {
  readonly link: RedisLink;
  /** Default: Redis's own, so that processes need not agree on the time. */
  readonly clock?: Pick<Clock, "now">;
  /** Stores of different names do not see each other. */
  readonly name: string;
  /** Sessions that a tenant may have, expired ones that nobody has taken included; a further one is `concurrency_limit`. Default 100,000. */
  readonly maxSessions?: number;
}

/** A tenant's sessions are in one of so many slots, which a cluster spreads over its nodes. */
const SLOTS = 16;
/** So long after its end a session that nobody has taken is gone. */
const GRACE_MS = 24 * 3_600_000;
/** So often indexes are rid of what is gone. */
const CREATIONS_TO_TIDY = 64;
const PART_SIZE = 100;

/** Sessions in Redis. Each method is one step there, but for `list` and `takeExpired`. */
export function createRedisSessionStore(options: RedisSessionStoreOptions): SessionStore {
  const { link, clock, name, maxSessions = 100_000 } = options;
  const scripts = {
    create: link.writing(CREATE),
    update: link.writing(UPDATE),
    touch: link.writing(TOUCH),
    delete: link.writing(DELETE),
    take: link.writing(TAKE),
    read: link.reading(READ),
    readAll: link.reading(READ_ALL),
    part: link.reading(PART),
    ended: link.reading(ENDED),
  };
  const marks = createWriteMarks();
  let creations = 0;
  let sweeps = 0;
  const slotName = (slot: number): string => `sessions:${name}:${slot}`;
  const slotOf = (tenant: string): string =>
    slotName(createHash("sha1").update(JSON.stringify(tenant)).digest()[0]! % SLOTS);
  const recordKey = (tenant: string, id: string): string => link.key(slotOf(tenant), "record", tenant, id);
  const madeKey = (tenant: string): string => link.key(slotOf(tenant), "made", tenant);
  const keysOf = (tenant: string, id: string): string[] => [
    recordKey(tenant, id),
    madeKey(tenant),
    link.key(slotOf(tenant), "ends"),
  ];

  /** Takes what ended so many milliseconds ago, or before, out of a slot. */
  const take = async (slot: string, sinceMs: number, limit: number): Promise<SessionRecord[]> => {
    const ends = link.key(slot, "ends");
    const until = [scriptTime(clock), sinceMs] as const;
    const members = (await scripts.ended([ends], [...until, limit])) as string[];
    if (members.length === 0) return [];
    const named = members.map((member) => JSON.parse(member) as [tenant: string, id: string]);
    const keys = named.flatMap(([tenant, id]) => [recordKey(tenant, id), madeKey(tenant)]);
    const args = members.flatMap((member, index) => [member, JSON.stringify(named[index]![1])]);
    const taken = (await scripts.take([ends, ...keys], [...until, ...args])) as (number | SessionRow)[];
    return taken.flatMap((number, index) => {
      if (typeof number !== "number") return [];
      const record = recordOf(...named[number - 1]!, taken[index + 1] as SessionRow);
      return record === undefined ? [] : [record];
    });
  };

  return {
    async create({ tenant, id, principal, data, ttlMs }) {
      if (++creations % CREATIONS_TO_TIDY === 0) {
        await take(slotOf(tenant), GRACE_MS, PART_SIZE * 2);
      }
      const text = JSON.stringify(data);
      const told = JSON.stringify(principal);
      const made = await marks.marked(["create", tenant, id, told, ttlMs, text], (mark) =>
        scripts.create(keysOf(tenant, id), [
          scriptTime(clock),
          memberOf(tenant, id),
          GRACE_MS,
          mark,
          JSON.stringify(id),
          told,
          text,
          ttlMs,
          maxSessions,
        ]),
      );
      if (made === "full") {
        throw new OptimizerError("concurrency_limit", {
          detail: `there are ${maxSessions} sessions already`,
        });
      }
      if (made === "conflict") {
        throw new OptimizerError("conflict", { detail: `there is a session ${JSON.stringify(id)} already` });
      }
      return recordOf(tenant, id, made as SessionRow)!;
    },
    async get(tenant, id) {
      const row = (await scripts.read([recordKey(tenant, id)], [scriptTime(clock)])) as SessionRow | null;
      return row === null ? undefined : recordOf(tenant, id, row);
    },
    async update(tenant, id, version, data) {
      const text = JSON.stringify(data);
      const made = (await marks.marked(["update", tenant, id, version, text], (mark) =>
        scripts.update(keysOf(tenant, id), [
          scriptTime(clock),
          memberOf(tenant, id),
          GRACE_MS,
          mark,
          version,
          text,
        ]),
      )) as SessionRow | string | null;
      if (made === null) {
        throw new OptimizerError("not_found", { detail: `there is no session ${JSON.stringify(id)}` });
      }
      if (typeof made === "string") {
        throw new OptimizerError("conflict", {
          detail: `the session ${JSON.stringify(id)} has version ${made} by now`,
        });
      }
      return recordOf(tenant, id, made)!;
    },
    touch: async (tenant, id) =>
      (await scripts.touch(keysOf(tenant, id), [scriptTime(clock), memberOf(tenant, id), GRACE_MS])) === 1,
    async delete(tenant, id) {
      const args = [scriptTime(clock), memberOf(tenant, id), JSON.stringify(id)];
      const row = (await scripts.delete(keysOf(tenant, id), args)) as SessionRow | null;
      return row === null ? undefined : recordOf(tenant, id, row);
    },
    async list(tenant, { cursor, limit = 20 } = {}): Promise<SessionPage> {
      let after = placeOf(cursor);
      const shown: { readonly record: SessionRecord; readonly place: string }[] = [];
      for (;;) {
        const found = (await scripts.part([madeKey(tenant)], [`(${after}`, PART_SIZE])) as string[];
        const ids = found.filter((_, index) => index % 2 === 0).map((member) => JSON.parse(member) as string);
        if (ids.length === 0) break;
        const keys = ids.map((id) => recordKey(tenant, id));
        const rows = (await scripts.readAll(keys, [scriptTime(clock)])) as SessionRow[];
        for (const [index, id] of ids.entries()) {
          const record = recordOf(tenant, id, rows[index]!);
          if (record !== undefined) shown.push({ record, place: found[index * 2 + 1]! });
        }
        after = found.at(-1)!;
        if (ids.length < PART_SIZE || shown.length > limit) break;
      }
      const page = shown.slice(0, limit);
      const last = page.at(-1);
      return {
        sessions: page.map(({ record }) => record),
        ...(last !== undefined && shown.length > limit && { cursor: last.place }),
      };
    },
    async takeExpired(limit) {
      const taken: SessionRecord[] = [];
      const first = (sweeps += 1);
      for (let number = 0; number < SLOTS && taken.length < limit; number++) {
        // No slot is always the last.
        const slot = slotName((first + number) % SLOTS);
        taken.push(...(await take(slot, 0, limit - taken.length)));
      }
      return taken;
    },
  };
}

const memberOf = (tenant: string, id: string): string => JSON.stringify([tenant, id]);

function placeOf(cursor: string | undefined): string {
  if (cursor === undefined) return "0";
  if (/^\d{1,16}$/.test(cursor)) return cursor;
  throw new OptimizerError("invalid_params", { detail: "the cursor is not one that a list gave" });
}
