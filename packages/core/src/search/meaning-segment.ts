import type { RankerDocument, RankerSegment, WordVectors } from "@mcp-optimizer/contracts";
import { lexicalSegment, type LexicalSegment } from "./lexical-segment.ts";
import { S } from "./meaning-settings.ts";
import type { WordVectorSum } from "./word-vector-sum.ts";

/** Term statistics and vectors of some documents. */
export interface MeaningSegment extends RankerSegment {
  readonly lexical: LexicalSegment;
  /** Of each document: its server. */
  readonly servers: readonly string[];
  /** Of each document: a vector of unit length, or of zeros where no word is known. */
  readonly vectors: Float32Array;
}

/** Reads documents: their terms, and the direction of their words' vectors. Text in another script is read with its gloss. */
export function meaningSegment(
  documents: readonly RankerDocument[],
  table: WordVectors,
  add: WordVectorSum,
): MeaningSegment {
  const read = documents.map((document) => withGloss(document, table));
  const { dimensions } = table;
  const vectors = new Float32Array(documents.length * dimensions);
  read.forEach((document, at) => {
    const vector = vectors.subarray(at * dimensions, (at + 1) * dimensions);
    add(vector, document.server, S.server);
    add(vector, document.name, S.name);
    add(vector, document.description, S.description);
    add(vector, document.parameterNames.join(" "), S.pn);
    add(vector, document.parameterTexts.join(" "), S.pt);
    toUnitLength(vector);
  });
  return {
    size: documents.length,
    lexical: lexicalSegment(read),
    servers: documents.map(({ server }) => server),
    vectors,
  };
}

/** Scales a vector to unit length; one of zeros stays as it is. */
export function toUnitLength(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let at = 0; at < vector.length; at++) vector[at]! *= scale;
}

function withGloss(document: RankerDocument, table: WordVectors): RankerDocument {
  if (!S.gloss) return document;
  const extended = (text: string): string => glossed(text, table);
  return {
    ...document,
    name: extended(document.name),
    description: extended(document.description),
    parameterTexts: document.parameterTexts.map(extended),
  };
}

const ASCII = /^[\0-\x7f]*$/;

/** A text with English words for what it says in another script behind it. */
export function glossed(text: string, table: WordVectors): string {
  if (ASCII.test(text)) return text;
  const words = table.gloss(text);
  return words.length === 0 ? text : `${text} ${words.join(" ")}`;
}
