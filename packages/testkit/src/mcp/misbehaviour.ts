/** A way in which a fixture server misbehaves. */
export type Misbehaviour =
  /** Exits with 1 at once, after a line on stderr. */
  | "exits"
  /** Reads and never answers anything. */
  | "silent"
  /** Never answers `server/discover`, and speaks `initialize`. */
  | "ignores-probe"
  /** Exits with 1 at any request before `initialize`. */
  | "dies-at-probe"
  /** Never answers `tools/list`. */
  | "hangs-on-list"
  /** Writes 100 MB to stderr before it answers. */
  | "floods-stderr"
  /** Writes lines to stdout that are no JSON-RPC, between its messages. */
  | "garbage"
  /** Its tool `huge` answers with 100 MB in one message. */
  | "huge-message"
  /** Its tool `flood` writes 300 MB to stdout without a line break. */
  | "endless-line"
  /** Its tool `die` ends the process in the middle of a call. */
  | "dies-mid-call"
  /** Ignores the end of stdin, SIGTERM, SIGINT and SIGHUP. */
  | "unkillable"
  /** Speaks 2026-07-28 only, and answers nothing in its first second. */
  | "slow-modern"
  /** `tools/list` gives the same cursor for ever. */
  | "endless-pages"
  /** Some entries of `tools/list` are no tools. */
  | "bad-tools"
  /** Lists 10,000 tools. */
  | "many-tools";
