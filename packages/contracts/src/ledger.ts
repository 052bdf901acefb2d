/**
 * What tokens were spent on. A client's context held, with the optimizer: `list` (the tools as it served them), `search`, `programs`, `answers`,
 * `direct` (calls of tools that were passed through) and `retries` (attempts that failed). It would have held without: `definitions` (the tools as
 * their servers list them), `arguments` and `results` of inner calls. Beside both: `list_wire` and `definitions_wire` are the whole JSON of the
 * lists, `failed_calls` the inner calls of programs that failed, and `media` what is no text and has no tokens here.
 */
export type LedgerPart =
  | "list"
  | "search"
  | "programs"
  | "answers"
  | "direct"
  | "retries"
  | "definitions"
  | "arguments"
  | "results"
  | "list_wire"
  | "definitions_wire"
  | "failed_calls"
  | "media";

/** An amount of tokens, with what it was spent on. */
export interface LedgerAmount {
  readonly part: LedgerPart;
  /** The server of definitions, `namespace.identifier` of calls, the tool of ours; empty where there is no such. */
  readonly subject: string;
  /** How many of its part: sessions of `list`, tools of `definitions`, else searches, programs, answers, calls, blocks. */
  readonly count: number;
  readonly tokens: number;
  /** How many of the tokens were estimated, not counted. */
  readonly estimated: number;
}

/** An amount in the ledger, with whose it is. */
export interface LedgerEntry extends LedgerAmount {
  readonly tenant: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absent where the client names none, and for runs that no client asked for. */
  readonly session?: string;
  readonly runId?: string;
}

/** What the lists of tools cost that a session has, and would have had. */
export interface LedgerLists {
  readonly tenant: string;
  readonly session: string;
  readonly at: number;
  readonly amounts: readonly LedgerAmount[];
}

/** Which entries are summed. */
export interface LedgerQuery {
  readonly tenant: string;
  readonly session?: string;
  readonly runId?: string;
  /** Milliseconds since the epoch. Of a day that is kept as a sum, the whole day or nothing. */
  readonly since?: number;
  /** A sum for each of these; days are those of UTC, as `2026-11-21`. Default: one for all. */
  readonly by?: "day" | "session" | "run";
}

/** The sum of a part's entries with one subject. */
export interface LedgerSum extends LedgerAmount {
  /** The day, session or run; absent without `by`, and for entries that belong to no such, or do no more. */
  readonly key?: string;
  /** The first and the last entry, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/**
 * Keeps what was spent, and what would have been. Old entries are kept as sums of days: totals stay, sessions and runs are forgotten, whole
 * sessions at a time.
 */
export interface LedgerStore {
  /** Adds entries, all or none. */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** Sets what a session's lists cost, in place of what was set for it before: a client that lists again forgets the list of before. */
  setLists(lists: LedgerLists): Promise<void>;
  /** Sums entries, in no order. */
  sum(query: LedgerQuery): Promise<readonly LedgerSum[]>;
}
