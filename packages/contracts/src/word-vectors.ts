/** Vectors of words, for ranking by meaning. */
export interface WordVectors {
  readonly dimensions: number;
  /** The row of a Porter2 stem; undefined for one that is not in the table. */
  find(stem: string): number | undefined;
  /** Signed bytes, row after row; a word's vector is its row scaled to unit length, times its weight. */
  readonly rows: Int8Array;
  readonly weights: Float32Array;
  /** English words for a text in another script, longest match first; empty where nothing is known. */
  gloss(text: string): readonly string[];
}
