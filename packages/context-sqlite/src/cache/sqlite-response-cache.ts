import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Clock, ResponseCache } from "@mcp-optimizer/contracts";
import { openDatabase } from "../open-database.ts";
import { partText, textParts } from "../vault/text-parts.ts";
import { makeCacheRoom } from "./make-cache-room.ts";
import { createGenerations } from "./sqlite-generations.ts";

/** Settings of a {@link createSqliteResponseCache}. */
export interface SqliteResponseCacheOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /** Bytes of all texts together, each with 128 more. Default 64 Mi. */
  readonly maxSize?: number;
  /** Bytes that one text may have. Default 1 Mi. */
  readonly maxEntrySize?: number;
  /** Texts that are kept. Default 20,000. */
  readonly maxEntries?: number;
  /**
   * Names this start of the machine: nothing counts that was kept before it. Default: Linux's own; where there is none, what voids answers is
   * synced to the disk instead.
   */
  readonly bootId?: string;
}

/** A response cache in a file. */
export interface SqliteResponseCache extends ResponseCache, AsyncDisposable {
  /** Closes the file. What is asked of the cache afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

/** What a text counts for beside its bytes. */
const BESIDE = 128;
/** A use within so long after the last one is not written: else every hit would be a transaction that writes. */
const SAME_USE_MS = 30_000;

/**
 * A cache in a file that several processes may share. Over its bounds goes what was used least recently, by uses that are half a minute apart.
 * What a write has made of answers is not forgotten in a power cut. Rejects with `store_unavailable` for a file that cannot be used.
 */
export async function createSqliteResponseCache(
  options: SqliteResponseCacheOptions,
): Promise<SqliteResponseCache> {
  const {
    file,
    clock,
    bootId = ownBootId(),
    maxSize = 64 * 1024 * 1024,
    maxEntrySize = 1024 * 1024,
    maxEntries = 20_000,
  } = options;
  const most = Math.min(maxEntrySize, maxSize - BESIDE);
  const database = await openDatabase(file);
  const dispose = async (): Promise<void> => database.dispose();
  return {
    async get(key) {
      const now = clock.now();
      const query = "SELECT id, utf16, bytes, used FROM cache_texts WHERE name = ? AND expires > ?";
      const found = await database.read((sql) => sql(query).get(nameOf(key), now));
      if (found === undefined) return undefined;
      if (now - Number(found["used"]) > SAME_USE_MS) {
        const update = "UPDATE cache_texts SET used = ? WHERE id = ?";
        // A text that is there is given, even if the disk is full.
        await database.write("process", (sql) => sql(update).run(now, found["id"]!)).catch(() => {});
      }
      return partText({ utf16: found["utf16"] === 1, bytes: found["bytes"] as Uint8Array });
    },
    async put(key, text, ttlMs) {
      const name = nameOf(key);
      const [part] = text.length > most ? [] : textParts(text, most);
      await database.write("process", (sql) => {
        const now = clock.now();
        sql("DELETE FROM cache_texts WHERE name = ?").run(name);
        if (ttlMs <= 0 || part === undefined || part.bytes.length > most) return;
        const size = part.bytes.length + BESIDE;
        makeCacheRoom(sql, { now, size: maxSize - size, entries: maxEntries - 1 });
        sql(
          "INSERT INTO cache_texts (name, utf16, bytes, size, expires, used) VALUES (?, ?, ?, ?, ?, ?)",
        ).run(name, part.utf16 ? 1 : 0, part.bytes, size, now + Math.ceil(ttlMs), now);
      });
    },
    ...createGenerations(database, clock, bootId),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

const nameOf = (key: string): string => createHash("sha256").update(JSON.stringify(key)).digest("base64url");

function ownBootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}
