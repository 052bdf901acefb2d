import { setImmediate as breathe } from "node:timers/promises";
import { OptimizerError, type Clock, type ResultVault } from "@mcp-optimizer/contracts";
import { openDatabase } from "../open-database.ts";
import { partText, textParts } from "./text-parts.ts";
import { tidyVault } from "./tidy-vault.ts";
import {
  addEntry,
  addPart,
  makeVaultRoom,
  removeEntry,
  renewEntry,
  renewEqual,
  showEntry,
  type EntryHead,
} from "./vault-rows.ts";

/** Settings of a {@link createSqliteResultVault}. */
export interface SqliteResultVaultOptions {
  /** The state file; made, with its folder, where there is none. On a disk of this machine. */
  readonly file: string;
  readonly clock: Pick<Clock, "now">;
  /** A fresh unguessable text for each call. */
  readonly randomId: () => string;
  /** How long an entry is kept after it was last put or got, in milliseconds. Default 3,600,000 (an hour). */
  readonly ttlMs?: number;
  /** Size of all entries together, in characters; each counts 500 beside its own. The file keeps the room for later ones. Default 512 Mi. */
  readonly maxSize?: number;
}

/** A vault in a file. */
export interface SqliteResultVault extends ResultVault, AsyncDisposable {
  /** Closes the file. What is asked of the vault afterwards rejects with `store_unavailable`. */
  dispose(): Promise<void>;
}

const OVERHEAD = 500;
/** Code units that are written or read at once, before others of the process have their turn. */
const PART_UNITS = 512 * 1024;
/** A process that died while it put leaves its parts so long. */
const UNFINISHED_MS = 600_000;

/**
 * A vault in a file that several processes may share. Large results are written and read in parts, so that nobody waits long for them. What a
 * method has resolved with outlasts the process; a power cut may take the last results. Rejects with `store_unavailable` for a file that
 * cannot be used.
 */
export async function createSqliteResultVault(options: SqliteResultVaultOptions): Promise<SqliteResultVault> {
  const { file, clock, randomId, ttlMs = 3_600_000, maxSize = 512 * 1024 * 1024 } = options;
  const database = await openDatabase(file);
  const dispose = async (): Promise<void> => database.dispose();

  const putInParts = async (head: EntryHead, text: string): Promise<string> => {
    const begun = await database.write("process", (sql) => {
      const known = renewEqual(sql, head);
      if (known !== undefined) return { known };
      makeVaultRoom(sql, head, clock.now(), maxSize);
      return { id: addEntry(sql, { ...head, expires: clock.now() + UNFINISHED_MS }) };
    });
    if (begun.known !== undefined) return begun.known;
    const { id } = begun;
    try {
      await tidyVault(database);
      let place = 0;
      for (const part of textParts(text, PART_UNITS)) {
        const at = place++;
        await database.write("process", (sql) => addPart(sql, id, at, part));
        await breathe();
      }
      return await database.write("process", (sql) => {
        const now = { ...head, expires: clock.now() + ttlMs };
        const known = renewEqual(sql, now);
        if (known === undefined) showEntry(sql, id, now);
        else removeEntry(sql, id);
        return known ?? head.handle;
      });
    } catch (error) {
      await database.write("process", (sql) => removeEntry(sql, id)).catch(() => undefined);
      await tidyVault(database);
      throw error;
    }
  };

  return {
    async put(tenant, entry, { digest } = {}) {
      const text = entry.kind === "blob" ? entry.base64 : entry.text;
      const size = OVERHEAD + text.length;
      if (size > maxSize) {
        const detail = `a result of over ${maxSize} characters cannot be kept`;
        throw new OptimizerError("output_limit", { detail });
      }
      const head: EntryHead = {
        tenant: JSON.stringify(tenant),
        handle: `h_${randomId()}`,
        digest,
        entry,
        size,
        expires: clock.now() + ttlMs,
      };
      // What another has left may have the room that this needs.
      await tidyVault(database);
      if (text.length > PART_UNITS) return await putInParts(head, text);
      const kept = await database.write("process", (sql) => {
        sql("DELETE FROM vault_entries WHERE expires <= ?").run(clock.now());
        const known = renewEqual(sql, head);
        if (known !== undefined) return known;
        makeVaultRoom(sql, head, clock.now(), maxSize);
        const id = addEntry(sql, head);
        for (const part of textParts(text, PART_UNITS)) addPart(sql, id, 0, part);
        showEntry(sql, id, head);
        return head.handle;
      });
      await tidyVault(database);
      return kept;
    },
    async get(tenant, handle) {
      const found = await database.write("process", (sql) => {
        const now = clock.now();
        const entry = renewEntry(sql, JSON.stringify(tenant), handle, { now, expires: now + ttlMs });
        if (entry === undefined) return undefined;
        const count = "SELECT count(*) AS parts FROM vault_parts WHERE entry = ?";
        return { ...entry, parts: Number(sql(count).get(entry.id)!["parts"]) };
      });
      if (found === undefined) return undefined;
      const texts: string[] = [];
      for (let place = 0; place < found.parts; place++) {
        const query = "SELECT utf16, bytes FROM vault_parts WHERE entry = ? AND place = ?";
        const part = await database.read((sql) => sql(query).get(found.id, place));
        // Others needed its room.
        if (part === undefined) return undefined;
        texts.push(partText({ utf16: part["utf16"] === 1, bytes: part["bytes"] as Uint8Array }));
        if (found.parts > 1) await breathe();
      }
      return found.entry(texts.join(""));
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
