export type { Catalogue, CatalogueServer, CatalogueTool } from "./catalogue/catalogue.ts";
export { buildCatalogue } from "./catalogue/build-catalogue.ts";
export { createOptimizer } from "./create-optimizer.ts";
export type { ManifestProfile, Optimizer, OptimizerOptions } from "./optimizer.ts";
export { parseLanguage } from "./program/program-language.ts";
export { createMemoryResultVault, type MemoryResultVaultOptions } from "./result/memory-result-vault.ts";
export type { CallRecord, RunError, RunReport, RunRequest } from "./run/run-report.ts";
export { createCatalogueSearch, type CatalogueSearch } from "./search/catalogue-search.ts";
export { createLexicalRanker } from "./search/lexical-ranker.ts";
export { renderSearchAnswer } from "./search/render-search-answer.ts";
export type {
  SearchAnswer,
  SearchDetail,
  SearchHit,
  SearchNeed,
  SearchProblem,
  SearchRequest,
  SearchServer,
} from "./search/search-answer.ts";
export { systemClock } from "./system-clock.ts";
export { loadO200kTokenCounter } from "./tokens/o200k-token-counter.ts";
export { toolTokens } from "./tokens/tool-tokens.ts";
