import { splitWords } from "../catalogue/split-words.ts";
import type { LexicalSegment } from "./lexical-segment.ts";
import { wordTerms } from "./word-terms.ts";

const K1 = 1;
const B = 0.6;
const STEM_WEIGHT = 0.6;
const EXACT_WEIGHT = 0.4;
/** Entries of scored terms that an index keeps; 12 bytes each. */
const MOST_KEPT = 1_000_000;

/** BM25 over the documents of some segments, numbered through in order. */
export interface LexicalIndex {
  readonly size: number;
  /** The score of each document, 0 for one that shares no word. A new array, the caller's own. */
  score(query: string): Float64Array;
}

/** What a term adds to the score of each document in which it occurs. */
interface ScoredTerm {
  readonly documents: Uint32Array;
  readonly scores: Float64Array;
}

/** Joins segments; each word of a query counts once. */
export function createLexicalIndex(segments: readonly LexicalSegment[]): LexicalIndex {
  const { starts, size, norms } = layOut(segments);
  const kept = new Map<string, ScoredTerm>();
  let entries = 0;

  const scoreTerm = (term: string): ScoredTerm => {
    const places: { segment: LexicalSegment; start: number; from: number; to: number }[] = [];
    let frequency = 0;
    segments.forEach((segment, at) => {
      const number = segment.terms.get(term);
      if (number === undefined) return;
      const [from, to] = [segment.starts[number]!, segment.starts[number + 1]!];
      places.push({ segment, start: starts[at]!, from, to });
      frequency += to - from;
    });
    const rarity = termWeight(term) * Math.log(1 + (size - frequency + 0.5) / (frequency + 0.5));
    const documents = new Uint32Array(frequency);
    const scores = new Float64Array(frequency);
    let next = 0;
    for (const { segment, start, from, to } of places) {
      for (let at = from; at < to; at++, next++) {
        const document = start + segment.documents[at]!;
        const count = segment.counts[at]!;
        documents[next] = document;
        scores[next] = (rarity * count * (K1 + 1)) / (count + norms[document]!);
      }
    }
    return { documents, scores };
  };

  const scored = (term: string): ScoredTerm => {
    let found = kept.get(term);
    if (found === undefined) {
      found = scoreTerm(term);
      if (entries > MOST_KEPT) {
        kept.clear();
        entries = 0;
      }
      kept.set(term, found);
      entries += found.documents.length + 1;
    }
    return found;
  };

  return {
    size,
    score(query) {
      const totals = new Float64Array(size);
      for (const term of queryTerms(query)) {
        const { documents, scores } = scored(term);
        for (let at = 0; at < documents.length; at++) totals[documents[at]!]! += scores[at]!;
      }
      return totals;
    },
  };
}

/** Where each segment's documents begin, how many there are in all, and the part of BM25 that depends on a document's length alone. */
function layOut(segments: readonly LexicalSegment[]): {
  starts: number[];
  size: number;
  norms: Float64Array;
} {
  const starts: number[] = [];
  let size = 0;
  let words = 0;
  for (const segment of segments) {
    starts.push(size);
    size += segment.size;
    for (const length of segment.lengths) words += length;
  }
  const mean = words / Math.max(1, size) || 1;
  const norms = new Float64Array(size);
  segments.forEach(({ lengths }, at) => {
    for (let index = 0; index < lengths.length; index++) {
      norms[starts[at]! + index] = K1 * (1 - B + (B * lengths[index]!) / mean);
    }
  });
  return { starts, size, norms };
}

function termWeight(term: string): number {
  return term.startsWith("=") ? EXACT_WEIGHT : STEM_WEIGHT;
}

/** The terms of a query, each once. */
function queryTerms(query: string): Set<string> {
  const terms = new Set<string>();
  for (const word of splitWords(query)) {
    const found = wordTerms(word);
    if (found !== undefined) terms.add(found.stem).add(found.exact);
  }
  return terms;
}
