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

/** An index over a fixed list of documents. */
export interface RankerIndex {
  /** Documents that match the query at all, best first; ties in document order. `accept` restricts them by index. */
  rank(query: string, accept?: (index: number) => boolean): RankedDocument[];
}

/** A way to rank tools for a need. Pure: the same documents and query give the same answer. */
export interface Ranker {
  readonly name: string;
  index(documents: readonly RankerDocument[]): RankerIndex;
}
