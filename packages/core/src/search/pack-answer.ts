import type { CatalogueTool } from "../catalogue/catalogue.ts";
import type { OutputLookup } from "../signatures/known-output.ts";
import { cutText, firstSentence, safeText } from "../signatures/safe-text.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { pageSize } from "./page-sizes.ts";
import type { RankedTool } from "./rank-tools.ts";
import type { SearchAnswer, SearchDetail, SearchHit, SearchNeed, SearchRequest } from "./search-answer.ts";
import { showTools } from "./show-tools.ts";

/** Less than this share of the best score is worth a name, not a signature. */
const WORTH_SHOWING = 0.6;
/** What names may take of an answer's tokens, however long the signatures are. */
const LEAST_FOR_NAMES = 0.2;

/** What was found for a need: every relevant tool, best first. Browsing is one need with an empty query and all tools. */
export interface RankedNeed {
  readonly query: string;
  readonly tools: readonly RankedTool[];
  readonly similar?: readonly string[];
}

/** Cuts what was found to pages: signatures of each need's best, and as many names behind them as the answer has room for. */
export function packAnswer(
  needs: readonly RankedNeed[],
  request: SearchRequest,
  outputs?: OutputLookup,
): Pick<SearchAnswer, "needs" | "types"> {
  const browsing = needs.length === 1 && needs[0]!.query === "";
  const detail: SearchDetail = request.detail ?? (browsing ? "names" : "signatures");
  const size = pageSize(detail, needs.length, browsing);
  const offset = request.offset ?? 0;
  const most = request.limit ?? size.hits;
  const pages = needs.map(({ tools }) => tools.slice(offset, offset + most));
  // A tool that several needs find is shown with the first.
  const best = pages.map((hits) =>
    hits
      .filter(({ score }, at) => at === 0 || score >= WORTH_SHOWING || detail === "full")
      .slice(0, size.shown),
  );
  const { signatures, types } = showTools(inTurns(best, size.shown), detail, size.characters, outputs);

  const used = new Set<CatalogueTool>();
  const shown = [...signatures].map(([tool, text]) => text + summary(tool)).concat(types);
  const left = size.tokens - shown.reduce((sum, text) => sum + estimateTokens(text), 0);
  const room =
    request.limit === undefined ? Math.max(left, size.tokens * LEAST_FOR_NAMES) / needs.length : Infinity;
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
  return {
    needs: needs.map(({ query, tools, similar }, at) => {
      const hits = fitting(pages[at]!.map(hit), room);
      const end = offset + hits.length;
      return {
        query,
        offset,
        relevant: tools.length,
        hits,
        ...(end < tools.length && hits.length > 0 && { next: end }),
        ...(similar && { similar }),
      } satisfies SearchNeed;
    }),
    types,
  };
}

/** First each need's best, then each need's second, so that a budget that runs out takes from all. */
function inTurns(best: readonly (readonly RankedTool[])[], turns: number): CatalogueTool[] {
  const tools = new Set<CatalogueTool>();
  for (let at = 0; at < turns; at++) {
    for (const hits of best) {
      const hit = hits[at];
      if (hit !== undefined) tools.add(hit.tool);
    }
  }
  return [...tools];
}

/** The hits up to the first whose name has no room; those with a signature are counted elsewhere. */
function fitting(hits: readonly SearchHit[], room: number): readonly SearchHit[] {
  const servers = new Set<string>();
  let tokens = 0;
  const full = hits.findIndex(({ signature, path, server }) => {
    if (signature !== undefined) return false;
    const dot = path.indexOf(".");
    tokens += estimateTokens(path.slice(dot + 1)) + 1;
    if (!servers.has(server)) tokens += estimateTokens(path.slice(0, dot)) + 2;
    servers.add(server);
    return tokens > room;
  });
  return full < 0 ? hits : hits.slice(0, Math.max(1, full));
}

function summary({ definition }: CatalogueTool): string {
  const text = safeText((definition.description ?? definition.title ?? "").slice(0, 1_000));
  return cutText(firstSentence(text), 120);
}

function round(score: number): number {
  return Math.max(0.001, Math.round(score * 1_000) / 1_000);
}
