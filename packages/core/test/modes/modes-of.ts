import type { TokenCounter } from "@mcp-optimizer/contracts";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import type { Viewer } from "../../src/catalogue/viewer.ts";
import { createModes, type Modes, type ModesParts } from "../../src/modes/modes.ts";
import { createCatalogueSearch } from "../../src/search/catalogue-search.ts";
import { createLexicalRanker } from "../../src/search/lexical-ranker.ts";

/** The modes over a catalogue, or over what callers see of one; `hybrid` unless something else is asked for. */
export function modesOf(
  catalogue: Catalogue | ((viewer?: Viewer) => Catalogue),
  counter: TokenCounter,
  parts: Partial<ModesParts> = {},
): Modes {
  const of = typeof catalogue === "function" ? catalogue : () => catalogue;
  return createModes({
    mode: "hybrid",
    profile: "minimal",
    languages: ["javascript"],
    counter,
    pinned: [],
    catalogue: of,
    search: createCatalogueSearch(of, createLexicalRanker()),
    ...parts,
  });
}
