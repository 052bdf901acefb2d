import type { Ranker } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer, CatalogueTool } from "../catalogue/catalogue.ts";
import { cutText, firstSentence, safeText } from "../signatures/safe-text.ts";
import { pageSize } from "./page-sizes.ts";
import { parseNeeds, type Need } from "./parse-needs.ts";
import { rankTools, type RankedTool, type RankToolsOptions } from "./rank-tools.ts";
import type {
  SearchAnswer,
  SearchDetail,
  SearchHit,
  SearchNeed,
  SearchProblem,
  SearchRequest,
  SearchServer,
} from "./search-answer.ts";
import { createSearchIndex } from "./search-index.ts";
import { searchProblems } from "./search-problems.ts";
import { showTools } from "./show-tools.ts";

/**
 * A tool is relevant when it has at least this share of the best score. Chosen on one half of LiveMCPBench's tasks as the highest
 * that lost nothing at 5 and under .01 at 15; `bench:retrieval` prints what it costs on all.
 */
const RELEVANT = 0.4;
/** Less than this share of the best score is worth a name, not a signature. */
const WORTH_SHOWING = 0.5;
const BROWSED = 100;

/** Searches a catalogue as a tenant sees it at each call. */
export interface CatalogueSearch {
  (request: SearchRequest, tenant?: string): SearchAnswer;
  /** Every tool that matches one need at all, best first, without the cut-off. */
  rank(words: string, tenant?: string): RankedTool[];
  /** Indexes what changed, with the event loop free between small steps. A search does at once what is still missing. */
  prepare(): Promise<void>;
}

/** Makes the search over the newest snapshot of a catalogue, or of what a tenant sees of it. Pure, but for the index that it keeps. */
export function createCatalogueSearch(
  catalogue: (tenant?: string) => Catalogue,
  ranker: Ranker,
): CatalogueSearch {
  const index = createSearchIndex(ranker);
  const rank = (snapshot: Catalogue, words: string, options?: RankToolsOptions): RankedTool[] =>
    rankTools(snapshot, index.of(snapshot), words, options);

  const search = (request: SearchRequest, tenant?: string): SearchAnswer => {
    const snapshot = catalogue(tenant);
    const { server, problem } = serverFilter(snapshot, request.server);
    const needs = parseNeeds(request.query, snapshot);
    const pages =
      needs.length === 0
        ? [browsePage(snapshot, request, server)]
        : needs.map((need) =>
            needPage(
              snapshot,
              rank(snapshot, need.words, { server: server ?? need.server, atLeast: RELEVANT }),
              need,
              request,
              needs.length,
            ),
          );
    const all = needs.length === 0 || pages.some((page) => page.relevant === 0);
    return {
      ...answer(pages, request, needs.length),
      problems: [...problem, ...searchProblems(server === undefined ? snapshot.servers : [server], all)],
      ...(all && { servers: (server === undefined ? snapshot.servers : [server]).map(serverSize) }),
    };
  };
  return Object.assign(search, {
    rank: (words: string, tenant?: string) => rank(catalogue(tenant), words),
    prepare: () => index.prepare(catalogue()),
  });
}

interface Page extends Omit<SearchNeed, "hits"> {
  readonly hits: readonly RankedTool[];
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

function needPage(
  catalogue: Catalogue,
  ranked: readonly RankedTool[],
  { query, words }: Need,
  request: SearchRequest,
  needs: number,
): Page {
  const relevant = ranked.findIndex(({ score }) => score < RELEVANT);
  const kept = relevant < 0 ? ranked : ranked.slice(0, relevant);
  const found = page(safeText(query), kept, request, pageSize(request.detail ?? "signatures", needs).hits);
  return kept.length > 0 ? found : { ...found, similar: catalogue.suggest(words) };
}

function browsePage(catalogue: Catalogue, request: SearchRequest, server: CatalogueServer | undefined): Page {
  const tools = server?.tools ?? catalogue.tools;
  const hits =
    request.detail === undefined || request.detail === "names" ? BROWSED : pageSize(request.detail, 1).hits;
  return page(
    "",
    tools.map((tool) => ({ tool, score: 1 })),
    request,
    hits,
  );
}

function page(query: string, tools: readonly RankedTool[], request: SearchRequest, size: number): Page {
  const offset = request.offset ?? 0;
  const end = offset + (request.limit ?? size);
  return {
    query,
    offset,
    relevant: tools.length,
    hits: tools.slice(offset, end),
    ...(end < tools.length && { next: end }),
  };
}

function answer(
  pages: readonly Page[],
  request: SearchRequest,
  needs: number,
): Pick<SearchAnswer, "needs" | "types"> {
  const detail: SearchDetail = request.detail ?? (needs === 0 ? "names" : "signatures");
  const size = pageSize(detail, needs);
  // A tool that several needs find is shown with the first.
  const best = pages.map(({ hits }) =>
    hits
      .filter(({ score }, at) => at === 0 || score >= WORTH_SHOWING || detail === "full")
      .slice(0, size.shown),
  );
  const tools = new Set<CatalogueTool>();
  // First each need's best, then each need's second, so that a budget that runs out takes from all.
  for (let at = 0; at < size.shown; at++) {
    for (const hits of best) {
      const hit = hits[at];
      if (hit !== undefined) tools.add(hit.tool);
    }
  }
  const { signatures, types } = showTools([...tools], detail, size.characters);
  const used = new Set<CatalogueTool>();
  const hit = ({ tool, score }: RankedTool): SearchHit => {
    const signature = used.has(tool) ? undefined : signatures.get(tool);
    if (signature !== undefined) used.add(tool);
    const { path, server, name } = tool;
    return {
      path,
      server,
      name,
      score: round(score),
      summary: summary(tool),
      ...(signature !== undefined && { signature }),
    };
  };
  return { needs: pages.map((page) => ({ ...page, hits: page.hits.map(hit) })), types };
}

function summary({ definition }: CatalogueTool): string {
  const text = safeText((definition.description ?? definition.title ?? "").slice(0, 1_000));
  return cutText(firstSentence(text), 120);
}

function round(score: number): number {
  return Math.max(0.001, Math.round(score * 1_000) / 1_000);
}
