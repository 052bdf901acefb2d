/** What a ranker may read of a tool. */
export interface RankerDocument {
  readonly server: string;
  readonly name: string;
  readonly description: string;
  /** Names of the parameters, nested ones too. */
  readonly parameterNames: readonly string[];
  /** Titles and descriptions of the parameters, nested ones too. */
  readonly parameterTexts: readonly string[];
}

/** A document's score for a query: an index into the documents, and a number over 0. */
export interface RankedDocument {
  readonly index: number;
  readonly score: number;
}

/** What a ranker knows of some documents alone, whatever the others are. Only the ranker that made it reads it. */
export interface RankerSegment {
  /** Number of documents. */
  readonly size: number;
}

/** Which documents a ranking has. */
export interface RankOptions {
  /** Whether a document counts, by index. Default: all do. */
  readonly accept?: ((index: number) => boolean) | undefined;
  /** Leaves out documents with less than this share of the best accepted score. Default 0. */
  readonly atLeast?: number | undefined;
}

/** An index over a fixed list of documents. */
export interface RankerIndex {
  /** Documents that match the query at all, best first; ties in document order. */
  rank(query: string, options?: RankOptions): RankedDocument[];
}

/** A way to rank tools for a need. Pure: the same documents and query give the same answer. */
export interface Ranker {
  readonly name: string;
  /** Does the work that depends on these documents alone. The engine keeps segments of unchanged servers, and makes few documents at a time. */
  segment(documents: readonly RankerDocument[]): RankerSegment;
  /** Joins segments that this ranker made to one index; documents are numbered through in order. Must be cheap. */
  join(segments: readonly RankerSegment[]): RankerIndex;
}
