import type { RankerIndex } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer, CatalogueTool } from "../catalogue/catalogue.ts";
import { namedTools } from "./named-tools.ts";

/** A tool with its score relative to the best: over 0, at most 1. */
export interface RankedTool {
  readonly tool: CatalogueTool;
  readonly score: number;
}

/** Which tools a ranking has. */
export interface RankToolsOptions {
  /** Only tools of this server. */
  readonly server?: CatalogueServer | undefined;
  /** Leaves out tools with less than this share of the best score. Default 0. */
  readonly atLeast?: number | undefined;
}

/** The most that a tool is worth beside one that the whole need is the name of. */
const BESIDE_NAMED = 0.49;

/** Every tool that matches at all, best first: those called by name have score 1 and go first, whatever the ranker says. */
export function rankTools(
  catalogue: Catalogue,
  index: RankerIndex,
  words: string,
  { server, atLeast }: RankToolsOptions = {},
): RankedTool[] {
  const { tools } = catalogue;
  const accept = server === undefined ? undefined : (at: number) => tools[at]!.server === server.name;
  const ranked = index.rank(words, { accept, atLeast });
  const { found, whole } = namedTools(catalogue, words);
  const named = new Set(found.filter((tool) => server === undefined || tool.server === server.name));
  const unit = (ranked[0]?.score ?? 1) / (whole && named.size > 0 ? BESIDE_NAMED : 1);
  const rest = ranked.map(({ index, score }) => ({ tool: tools[index]!, score: score / unit }));
  if (named.size === 0) return rest;
  // Among tools of one name, the ranker's order holds.
  const inOrder = [...rest.filter(({ tool }) => named.has(tool)).map(({ tool }) => tool), ...named];
  return [...new Set(inOrder)]
    .map((tool): RankedTool => ({ tool, score: 1 }))
    .concat(rest.filter(({ tool }) => !named.has(tool)));
}
