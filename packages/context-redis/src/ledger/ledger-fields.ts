import type { LedgerAmount, LedgerEntry, LedgerPart } from "@mcp-optimizer/contracts";

/** An entry as it is read, or the sum of several of one day. */
export interface StoredEntry extends LedgerAmount {
  readonly session?: string;
  readonly runId?: string;
  /** When the first and the last of it were, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** A field of one of the first two keys, as it is, and what it says. */
export interface StoredField {
  readonly key: 1 | 2;
  readonly field: string;
  readonly text: string;
  readonly entries: readonly [StoredEntry, ...StoredEntry[]];
}

/** The ledger of a tenant, as of one moment. */
export interface LedgerSnapshot {
  readonly fields: readonly StoredField[];
  readonly days: readonly StoredEntry[];
}

/** Where an entry is added to; entries that differ in nothing else are one. */
export const entryField = ({ session, runId, at, part, subject }: LedgerEntry): string =>
  JSON.stringify([session ?? null, runId ?? null, at, part, subject]);

/** The lists of a session as one text. */
export const listsText = (at: number, amounts: readonly LedgerAmount[]): string =>
  JSON.stringify([at, amounts.map((one) => [one.part, one.subject, one.count, one.tokens, one.estimated])]);

/** Where the sum of a day is. */
export const dayField = (at: number, { part, subject }: LedgerAmount): string =>
  JSON.stringify([dayOf(at), part, subject]);

/** The day of a moment, in UTC, as `2026-11-21`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Reads what is stored: fields and texts of entries, of lists and of days. */
export function readLedger([
  cells = [],
  lists = [],
  days = [],
]: readonly (readonly string[])[]): LedgerSnapshot {
  return {
    fields: [...pairs(cells).map(readEntry), ...pairs(lists).map(readLists)],
    days: pairs(days).map(readDay),
  };
}

type StoredAmount = readonly [LedgerPart, string, number, number, number];
type Pair = readonly [field: string, text: string];

const pairs = (flat: readonly string[]): Pair[] =>
  flat.flatMap((field, at): Pair[] => (at % 2 === 0 ? [[field, flat[at + 1]!]] : []));
const numbers = (text: string): readonly number[] => text.split(" ").map(Number);

function readEntry([field, text]: Pair): StoredField {
  const [session, runId, at, part, subject] = JSON.parse(field) as [
    string | null,
    string | null,
    number,
    LedgerPart,
    string,
  ];
  const [count, tokens, estimated] = numbers(text) as [number, number, number];
  const owner = { ...(session !== null && { session }), ...(runId !== null && { runId }) };
  const entry = { ...owner, part, subject, count, tokens, estimated, from: at, to: at };
  return { key: 1, field, text, entries: [entry] };
}

function readLists([field, text]: Pair): StoredField {
  const session = JSON.parse(field) as string;
  const [at, amounts] = JSON.parse(text) as [number, [StoredAmount, ...StoredAmount[]]];
  const entryOf = ([part, subject, count, tokens, estimated]: StoredAmount): StoredEntry => ({
    session,
    part,
    subject,
    count,
    tokens,
    estimated,
    from: at,
    to: at,
  });
  const [first, ...others] = amounts;
  return { key: 2, field, text, entries: [entryOf(first), ...others.map(entryOf)] };
}

function readDay([field, text]: Pair): StoredEntry {
  const [, part, subject] = JSON.parse(field) as [string, LedgerPart, string];
  const [count, tokens, estimated, from, to] = numbers(text) as [number, number, number, number, number];
  return { part, subject, count, tokens, estimated, from, to };
}
