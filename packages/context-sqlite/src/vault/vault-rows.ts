import { OptimizerError, type VaultEntry } from "@mcp-optimizer/contracts";
import { heldBy, mostOf } from "../held.ts";
import type { Statements } from "../open-database.ts";
import type { TextPart } from "./text-parts.ts";

/** An entry without its text. */
export interface EntryHead {
  /** The tenant, as it stands in tables. */
  readonly tenant: string;
  readonly handle: string;
  readonly digest: string | undefined;
  readonly entry: VaultEntry;
  readonly size: number;
  readonly expires: number;
}

const NEXT_USE = "(SELECT coalesce(max(used), 0) + 1 FROM vault_entries)";

/** Adds an entry without parts, that nobody sees yet. Returns its id. */
export function addEntry(sql: Statements, head: EntryHead): number {
  const { tenant, handle, entry, size, expires } = head;
  const mimeType = entry.kind === "blob" ? entry.mimeType : null;
  const { lastInsertRowid } = sql(
    `INSERT INTO vault_entries (tenant, handle, kind, mime_type, sources, size, expires, used, whole)
     VALUES (?, ?, ?, ?, ?, ?, ?, ${NEXT_USE}, 0)`,
  ).run(tenant, handle, entry.kind, mimeType, sourcesText(entry.sources), size, expires);
  return Number(lastInsertRowid);
}

/** Adds a part. Throws `store_unavailable` when the entry is gone. */
export function addPart(sql: Statements, id: number, place: number, { utf16, bytes }: TextPart): void {
  const add = `INSERT INTO vault_parts (entry, place, utf16, bytes)
    SELECT id, ?, ?, ? FROM vault_entries WHERE id = ?`;
  if (Number(sql(add).run(place, utf16 ? 1 : 0, bytes, id).changes) === 1) return;
  throw new OptimizerError("store_unavailable", { detail: "a result was put for too long, and is gone" });
}

/** Shows an entry that has all of its parts. */
export function showEntry(sql: Statements, id: number, { digest, expires }: EntryHead): void {
  const show = `UPDATE vault_entries SET digest = ?, expires = ?, used = ${NEXT_USE}, whole = 1 WHERE id = ?`;
  sql(show).run(digest ?? null, expires, id);
}

export function removeEntry(sql: Statements, id: number): void {
  sql("DELETE FROM vault_entries WHERE id = ?").run(id);
}

/** The handle of the tenant's entry of this digest, which lives anew and has the sources of both then. */
export function renewEqual(sql: Statements, head: EntryHead): string | undefined {
  const { tenant, digest, entry, expires } = head;
  if (digest === undefined) return undefined;
  const known = sql(
    "SELECT id, handle, sources FROM vault_entries WHERE tenant = ? AND digest = ? AND whole = 1",
  ).get(tenant, digest);
  if (known === undefined) return undefined;
  const before = parsedSources(known["sources"]);
  const { sources: more = [] } = entry;
  const all =
    before === undefined && more.length === 0 ? undefined : [...new Set([...(before ?? []), ...more])];
  const renew = `UPDATE vault_entries SET sources = ?, expires = ?, used = ${NEXT_USE} WHERE id = ?`;
  sql(renew).run(sourcesText(all), expires, known["id"]!);
  return String(known["handle"]);
}

/** The entry of a handle without its text, with its id; it lives anew then. */
export function renewEntry(
  sql: Statements,
  tenant: string,
  handle: string,
  times: { readonly now: number; readonly expires: number },
): { readonly id: number; readonly entry: (text: string) => VaultEntry } | undefined {
  const row = sql(
    `UPDATE vault_entries SET expires = ?, used = ${NEXT_USE}
     WHERE handle = ? AND tenant = ? AND whole = 1 AND expires > ? RETURNING id, kind, mime_type, sources`,
  ).get(times.expires, handle, tenant, times.now);
  if (row === undefined) return undefined;
  const sources = parsedSources(row["sources"]);
  const from = sources && { sources };
  const mimeType = String(row["mime_type"]);
  const entry = (text: string): VaultEntry =>
    row["kind"] === "blob"
      ? { kind: "blob", mimeType, base64: text, ...from }
      : { kind: row["kind"] === "json" ? "json" : "text", text, ...from };
  return { id: Number(row["id"]), entry };
}

/** Takes out what has expired, and then what was used least recently, of the tenant that has most, until an entry has room. */
export function makeVaultRoom(sql: Statements, head: EntryHead, now: number, maxSize: number): void {
  sql("DELETE FROM vault_entries WHERE expires <= ?").run(now);
  const oldest = "SELECT id FROM vault_entries WHERE whole = 1";
  for (;;) {
    if (heldBy(sql, "vault").size + head.size <= maxSize) return;
    const most = mostOf(sql, "vault", head) ?? head.tenant;
    const doomed =
      sql(`${oldest} AND tenant = ? ORDER BY used LIMIT 1`).get(most) ??
      sql(`${oldest} ORDER BY used LIMIT 1`).get();
    if (doomed === undefined) {
      throw new OptimizerError("output_limit", { detail: "the vault is full of results that are being put" });
    }
    removeEntry(sql, Number(doomed["id"]));
  }
}

const sourcesText = (sources: readonly string[] | undefined): string => JSON.stringify(sources ?? null);

const parsedSources = (text: unknown): readonly string[] | undefined =>
  (JSON.parse(String(text)) as readonly string[] | null) ?? undefined;
