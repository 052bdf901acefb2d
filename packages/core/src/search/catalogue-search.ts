import type { Ranker } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer } from "../catalogue/catalogue.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import type { OutputLookup } from "../signatures/known-output.ts";
import { cutText, safeText } from "../signatures/safe-text.ts";
import { packAnswer, type RankedNeed } from "./pack-answer.ts";
import { parseNeeds } from "./parse-needs.ts";
import { rankTools, type RankedTool, type RankToolsOptions } from "./rank-tools.ts";
import type { SearchAnswer, SearchProblem, SearchRequest, SearchServer } from "./search-answer.ts";
import { createSearchIndex } from "./search-index.ts";
import { searchProblems } from "./search-problems.ts";

/**
 * A tool is relevant when it has at least this share of the best score. Chosen on one half of LiveMCPBench's tasks; `bench:retrieval`
 * prints what it costs on all.
 */
const RELEVANT = 0.35;

/** Searches a catalogue as a caller sees it at each call. */
export interface CatalogueSearch {
  (request: SearchRequest, viewer?: Viewer): SearchAnswer;
  /** The same with what servers declare alone: it stays the same while they do. */
  declared(request: SearchRequest, viewer?: Viewer): SearchAnswer;
  /** Every tool that matches one need at all, best first, without the cut-off. */
  rank(words: string, viewer?: Viewer): RankedTool[];
  /** Indexes what changed, with the event loop free between small steps. A search does at once what is still missing. */
  prepare(): Promise<void>;
}

/**
 * Makes the search over the newest snapshot of a catalogue, or of what a caller sees of it. Pure, but for the index that it keeps. `outputs` has
 * what a tenant knows of results.
 */
export function createCatalogueSearch(
  catalogue: (viewer?: Viewer) => Catalogue,
  ranker: Ranker,
  outputs?: (tenant?: string) => OutputLookup,
): CatalogueSearch {
  const index = createSearchIndex(ranker);
  const rank = (snapshot: Catalogue, words: string, options?: RankToolsOptions): RankedTool[] =>
    rankTools(snapshot, index.of(snapshot), words, options);

  const search = (request: SearchRequest, viewer?: Viewer, known?: OutputLookup): SearchAnswer => {
    const snapshot = catalogue(viewer);
    const { server, problem } = serverFilter(snapshot, request.server);
    const { needs, left } = parseNeeds(request.query, snapshot);
    const ranked: RankedNeed[] =
      needs.length === 0
        ? [{ query: "", tools: (server?.tools ?? snapshot.tools).map((tool) => ({ tool, score: 1 })) }]
        : needs.map((need) => {
            const options = { server: server ?? need.server, atLeast: RELEVANT };
            // Beside a tool called by name, scores are lower than the ranker's.
            const tools = rank(snapshot, need.words, options).filter(({ score }) => score >= RELEVANT);
            const similar = tools.length === 0 ? { similar: snapshot.suggest(need.words) } : {};
            return { query: safeText(need.query), tools, ...similar };
          });
    const all = ranked.some(({ tools, query }) => query === "" || tools.length === 0);
    return {
      ...packAnswer(ranked, request, known),
      problems: [
        ...problem,
        ...(left === 0 ? [] : [{ server: "query", reason: `its last ${left} needs were not looked for` }]),
        ...searchProblems(server === undefined ? snapshot.servers : [server], all),
      ],
      ...(all && { servers: (server === undefined ? snapshot.servers : [server]).map(serverSize) }),
    };
  };
  const told = (request: SearchRequest, viewer?: Viewer): SearchAnswer =>
    search(request, viewer, outputs?.(viewer?.tenant));
  return Object.assign(told, {
    declared: (request: SearchRequest, viewer?: Viewer) => search(request, viewer),
    rank: (words: string, viewer?: Viewer) => rank(catalogue(viewer), words),
    prepare: () => index.prepare(catalogue()),
  });
}

function serverFilter(
  catalogue: Catalogue,
  name: string | undefined,
): { server?: CatalogueServer; problem: SearchProblem[] } {
  if (name === undefined || name.trim() === "") return { problem: [] };
  const server = catalogue.server(name.trim());
  if (server !== undefined) return { server, problem: [] };
  return {
    problem: [{ server: cutText(safeText(name), 100), reason: "there is no such server; all were searched" }],
  };
}

function serverSize({ name, namespace, tools }: CatalogueServer): SearchServer {
  return { server: name, namespace, tools: tools.length };
}
