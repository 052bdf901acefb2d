import type { RankerDocument, RankerSegment } from "@mcp-optimizer/contracts";
import { packVectors, type PackedVectors } from "./packed-vectors.ts";
import { lexicalSegment, type LexicalSegment } from "./lexical-segment.ts";
import { toUnitLength, type TextVectors } from "./text-vectors.ts";

/** Term statistics and directions of some documents. */
export interface MeaningSegment extends RankerSegment {
  readonly lexical: LexicalSegment;
  /** Of each document: its server. */
  readonly servers: readonly string[];
  /** Of unit length, or of zeros where no word of the document is known. */
  readonly vectors: PackedVectors;
}

/**
 * Reads documents: their terms, and the direction of their words. Weights: name and description 1, server, parameter names and texts one half.
 * Text in another script is read with its gloss.
 */
export function meaningSegment(documents: readonly RankerDocument[], texts: TextVectors): MeaningSegment {
  const read = documents.map((document): RankerDocument => ({
    ...document,
    name: texts.withGloss(document.name),
    description: texts.withGloss(document.description),
    parameterTexts: document.parameterTexts.map((text) => texts.withGloss(text)),
  }));
  const vectors = read.map((document) => {
    const vector = new Float32Array(texts.dimensions);
    texts.add(vector, document.server, 0.5);
    texts.add(vector, document.name, 1);
    texts.add(vector, document.description, 1);
    texts.add(vector, document.parameterNames.join(" "), 0.5);
    texts.add(vector, document.parameterTexts.join(" "), 0.5);
    toUnitLength(vector);
    return vector;
  });
  return {
    size: documents.length,
    lexical: lexicalSegment(read),
    servers: documents.map(({ server }) => server),
    vectors: packVectors(vectors, texts.dimensions),
  };
}
