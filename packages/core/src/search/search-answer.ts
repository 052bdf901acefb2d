/** How much of each tool a search shows: its name, its signature, or the declaration with all doc comments. */
export type SearchDetail = "names" | "signatures" | "full";

/** A search over the catalogue. */
export interface SearchRequest {
  /** One need, several separated by `;` or line breaks, or a list. Empty: browse. */
  readonly query: string | readonly string[];
  /** Only tools of this server. */
  readonly server?: string | undefined;
  /** Default `signatures`: signatures for the best, names for the rest. */
  readonly detail?: SearchDetail | undefined;
  /** The page's first hit, per need. Default 0. */
  readonly offset?: number | undefined;
  /** Hits per need at most. Default depends on detail and the number of needs. */
  readonly limit?: number | undefined;
}

/** A tool that fits a need. */
export interface SearchHit {
  /** `namespace.identifier`. */
  readonly path: string;
  readonly server: string;
  /** The tool's own name. */
  readonly name: string;
  /** Relative to the need's best: over 0, at most 1. A tool called by its name has 1. */
  readonly score: number;
  /** First sentence of the description, at most 120 characters. */
  readonly summary: string;
  /** TypeScript, where the detail asks for it, the hit is among the best, and no earlier need of the answer shows it. */
  readonly signature?: string;
}

/** The answer to one need. */
export interface SearchNeed {
  /** The need as it was asked; empty when browsing. */
  readonly query: string;
  /** The page's first hit, counted from 0. */
  readonly offset: number;
  /** How many tools are relevant in all. */
  readonly relevant: number;
  readonly hits: readonly SearchHit[];
  /** The next page's offset; absent when the answer is complete. */
  readonly next?: number;
  /** Paths of tools with a similar name, when nothing is relevant. */
  readonly similar?: readonly string[];
}

/** A server whose tools could not be searched. */
export interface SearchProblem {
  readonly server: string;
  readonly reason: string;
}

/** A server with the number of its tools. */
export interface SearchServer {
  readonly server: string;
  readonly namespace: string;
  readonly tools: number;
}

/** What a search found. */
export interface SearchAnswer {
  readonly needs: readonly SearchNeed[];
  /** Type declarations that several signatures share, each printed once. */
  readonly types: readonly string[];
  readonly problems: readonly SearchProblem[];
  /** The servers that were looked through, when browsing or when a need found nothing. */
  readonly servers?: readonly SearchServer[];
}
