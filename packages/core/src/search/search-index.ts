import { setImmediate } from "node:timers/promises";
import type { Ranker, RankerDocument, RankerIndex, RankerSegment } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { toolDocument } from "./tool-document.ts";

/** A segment ends after so many tools, or characters of their texts: few enough that indexing it keeps the event loop free. */
const SEGMENT_TOOLS = 64;
const SEGMENT_CHARACTERS = 12_000;
/** What each byte beyond one adds to a character's count: text in another script is read with its gloss, which takes several times as long. */
const WIDE = 3;

/** A ranker's index over the tools of a catalogue, kept up with its snapshots. */
export interface SearchIndex {
  /** The index over `catalogue.tools`, in their order. Builds what is missing. */
  of(catalogue: Catalogue): RankerIndex;
  /** Builds what is missing, a few tools at a time with the event loop free between. */
  prepare(catalogue: Catalogue): Promise<void>;
}

/** Makes an index that reads each server's tools again only after they changed. */
export function createSearchIndex(ranker: Ranker): SearchIndex {
  const progress = new WeakMap<readonly CatalogueTool[], Progress>();
  const indexes = new WeakMap<Catalogue, RankerIndex>();

  /** Indexes the next few of a list of tools. */
  const advance = (tools: readonly CatalogueTool[]): Progress => {
    const done = progress.get(tools) ?? { segments: [], tools: 0 };
    progress.set(tools, done);
    const documents: RankerDocument[] = [];
    let next = done.tools;
    for (let characters = 0; characters < SEGMENT_CHARACTERS && documents.length < SEGMENT_TOOLS; next++) {
      const tool = tools[next];
      if (tool === undefined) break;
      const document = toolDocument(tool);
      characters += size(document);
      documents.push(document);
    }
    if (documents.length > 0) done.segments.push(ranker.segment(documents));
    // A ranker may fail: what it has not read is read again, so that every tool keeps its place.
    done.tools = next;
    return done;
  };

  const of = (catalogue: Catalogue): RankerIndex => {
    let index = indexes.get(catalogue);
    if (index === undefined) {
      const parts = catalogue.servers.flatMap(({ tools }) => {
        let done = advance(tools);
        while (done.tools < tools.length) done = advance(tools);
        return done.segments;
      });
      indexes.set(catalogue, (index = ranker.join(parts)));
    }
    return index;
  };

  return {
    of,
    async prepare(catalogue) {
      for (const { tools } of catalogue.servers) {
        while ((progress.get(tools)?.tools ?? 0) < tools.length) {
          advance(tools);
          await setImmediate();
        }
      }
      of(catalogue);
    },
  };
}

interface Progress {
  readonly segments: RankerSegment[];
  /** How many tools are in them. */
  tools: number;
}

function size({ description, parameterNames, parameterTexts }: RankerDocument): number {
  return [description, ...parameterNames, ...parameterTexts].reduce(
    (sum, text) => sum + text.length + WIDE * (Buffer.byteLength(text) - text.length),
    0,
  );
}
