import type { RankerDocument, RankerSegment } from "@mcp-optimizer/contracts";
import { splitWords } from "../catalogue/split-words.ts";
import { wordTerms } from "./word-terms.ts";

/** Term statistics of some documents. Term `t` occurs in `documents[starts[t]]` up to, not including, `documents[starts[t + 1]]`. */
export interface LexicalSegment extends RankerSegment {
  /** Numbers of the terms. */
  readonly terms: ReadonlyMap<string, number>;
  readonly starts: Uint32Array;
  /** Document numbers of the segment, ascending for each term. */
  readonly documents: Uint32Array;
  /** The weighted count of the term in each of them. */
  readonly counts: Float32Array;
  /** Weighted number of words per document, CJK left out. */
  readonly lengths: Float32Array;
}

/** Counts the terms of documents. Weights: name 2, server and description 1, parameter names and texts one half. */
export function lexicalSegment(documents: readonly RankerDocument[]): LexicalSegment {
  const counter = new TermCounter();
  const lengths = documents.map((document, number) => {
    counter.begin(number);
    let length = counter.read(document.server, 1);
    length += counter.read(document.name, 2);
    length += counter.read(document.description, 1);
    for (const name of document.parameterNames) length += counter.read(name, 0.5);
    for (const text of document.parameterTexts) length += counter.read(text, 0.5);
    return length;
  });
  return { size: documents.length, ...counter.finish(), lengths: Float32Array.from(lengths) };
}

interface KnownWord {
  readonly stem: number;
  readonly exact: number;
  /** What the word adds to a document's length. */
  readonly length: number;
}

/** Counts pairs of term and document in the order in which they come, and sorts them by term at the end. */
class TermCounter {
  readonly #terms = new Map<string, number>();
  readonly #words = new Map<string, KnownWord | undefined>();
  readonly #pairTerms: number[] = [];
  readonly #pairDocuments: number[] = [];
  readonly #pairCounts: number[] = [];
  /** By term: its newest pair. */
  readonly #newest: number[] = [];
  #document = 0;

  begin(document: number): void {
    this.#document = document;
  }

  /** Counts the words of a text; returns what they add to the document's length. */
  read(text: string, weight: number): number {
    let length = 0;
    for (const word of splitWords(text)) {
      const known = this.#words.get(word) ?? (this.#words.has(word) ? undefined : this.#learn(word));
      if (known === undefined) continue;
      length += known.length;
      this.#count(known.stem, weight);
      this.#count(known.exact, weight);
    }
    return length * weight;
  }

  finish(): Pick<LexicalSegment, "terms" | "starts" | "documents" | "counts"> {
    const starts = new Uint32Array(this.#terms.size + 1);
    for (const term of this.#pairTerms) starts[term + 1]! += 1;
    for (let term = 1; term < starts.length; term++) starts[term]! += starts[term - 1]!;
    const next = starts.slice();
    const documents = new Uint32Array(this.#pairTerms.length);
    const counts = new Float32Array(this.#pairTerms.length);
    this.#pairTerms.forEach((term, pair) => {
      const at = next[term]!++;
      documents[at] = this.#pairDocuments[pair]!;
      counts[at] = this.#pairCounts[pair]!;
    });
    return { terms: this.#terms, starts, documents, counts };
  }

  #learn(word: string): KnownWord | undefined {
    const terms = wordTerms(word);
    const known = terms && {
      stem: this.#number(terms.stem),
      exact: this.#number(terms.exact),
      length: terms.length,
    };
    this.#words.set(word, known);
    return known;
  }

  #number(term: string): number {
    let number = this.#terms.get(term);
    if (number === undefined) {
      number = this.#terms.size;
      this.#terms.set(term, number);
      this.#newest.push(-1);
    }
    return number;
  }

  #count(term: number, weight: number): void {
    const pair = this.#newest[term]!;
    if (pair >= 0 && this.#pairDocuments[pair] === this.#document) {
      this.#pairCounts[pair]! += weight;
      return;
    }
    this.#newest[term] = this.#pairTerms.length;
    this.#pairTerms.push(term);
    this.#pairDocuments.push(this.#document);
    this.#pairCounts.push(weight);
  }
}
