import type { ServedCallOptions, ToolDefinition, ToolResult } from "@mcp-optimizer/contracts";
import type { CatalogueStore } from "../catalogue/catalogue-store.ts";
import type { CatalogueView } from "../catalogue/catalogue-view.ts";
import type { Viewer } from "../catalogue/viewer.ts";
import { callMetaTool, type MetaToolParts } from "../meta-tools.ts";
import { createExposureNews } from "../modes/exposure-news.ts";
import { createModes, type Modes } from "../modes/modes.ts";
import { createPinWatch } from "../modes/pin-watch.ts";
import type { Optimizer } from "../optimizer.ts";
import type { RunRequest } from "../run/run-report.ts";
import { createCatalogueSearch, type CatalogueSearch } from "../search/catalogue-search.ts";
import { createLexicalRanker } from "../search/lexical-ranker.ts";
import { renderSearchAnswer } from "../search/render-search-answer.ts";
import type { SearchAnswer, SearchRequest } from "../search/search-answer.ts";
import { shapeToolResult } from "../vault/shape-tool-result.ts";
import type { BaseParts } from "./base-parts.ts";
import type { RunEngine } from "./create-run-engine.ts";

/** What a front stands on, beside the base. */
export interface FrontParts {
  readonly store: Pick<CatalogueStore, "current" | "onChange">;
  readonly catalogue: CatalogueView;
  readonly search: CatalogueSearch;
  /** The search, as it is made for clients. */
  readonly asked: (request: SearchRequest, viewer?: Viewer) => SearchAnswer;
  readonly engine: Pick<RunEngine, "desk" | "callDirect">;
}

/** What clients see of an engine. */
export interface Front extends Pick<Optimizer, "onChange" | "callTool" | "toolsFor"> {
  readonly modes: Modes;
  readonly tools: readonly ToolDefinition[];
  /** Nobody is told of changes any more. */
  dispose(): void;
}

/** Makes a {@link Front}. It follows the catalogue. */
export function createFront(base: BaseParts, parts: FrontParts): Front {
  const { options, log, flags, languages, ledger, tokenCounter: counter } = base;
  const { store, catalogue, search, asked, engine } = parts;
  const { manifest: profile = "minimal", pinned = [], indexAhead = true } = options;
  const pins = createPinWatch(pinned, log);
  pins.start(store.current, catalogue());
  const modes = createModes({
    mode: flags.executionMode,
    profile,
    languages,
    counter,
    pinned,
    catalogue,
    // Whether search is shown at all is decided without a ranker that has something to load, and whatever was learned.
    search:
      options.ranker === undefined
        ? (request, viewer) => search.declared(request, viewer)
        : createCatalogueSearch(catalogue, createLexicalRanker()),
  });
  const served: MetaToolParts = {
    exposure: modes.exposure,
    catalogue,
    search: (request: SearchRequest, viewer?: Viewer) => renderSearchAnswer(asked(request, viewer)),
    run: (request: RunRequest, callOptions: ServedCallOptions) =>
      engine.desk.run({ ...request, ...callOptions }, callOptions),
    wait: (runId: string, callOptions: ServedCallOptions) => engine.desk.wait(runId, callOptions),
    callDirect: engine.callDirect,
    shape: (tenant: string, from: readonly string[], result: ToolResult) =>
      shapeToolResult(base, tenant, from, result),
  };

  const tell = createExposureNews(log);
  const listeners = new Set<() => void>();
  const show = (): readonly ToolDefinition[] => {
    const exposure = modes.exposure();
    const { own, passThrough, tools } = exposure;
    if (indexAhead && !passThrough && own.has("search_tools")) {
      search.prepare().catch((cause: unknown) => log({ level: "error", message: "Indexing failed", cause }));
    }
    tell(exposure);
    return tools;
  };
  let tools = indexAhead ? show() : undefined;
  store.onChange(() => {
    pins.look(store.current, catalogue());
    if (tools !== undefined) tools = show();
    for (const listener of listeners) listener();
  });
  return {
    modes,
    get tools() {
      return (tools ??= show());
    },
    toolsFor: (viewer) => modes.exposure(viewer).tools,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    callTool: ledger?.serve(served) ?? ((...call) => callMetaTool(served, ...call)),
    dispose: () => listeners.clear(),
  };
}
