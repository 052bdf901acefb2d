import type { Catalogue, CatalogueServer } from "./catalogue.ts";
import { createNameIndex } from "./name-index.ts";
import { createSuggester } from "./suggest-names.ts";

/** A snapshot of these servers. */
export function createSnapshot(version: number, servers: readonly CatalogueServer[]): Catalogue {
  const tools = servers.flatMap((server) => server.tools);
  const { resolve, lookup, server } = createNameIndex(servers);
  return { version, servers, tools, resolve, lookup, server, suggest: createSuggester(tools) };
}
