import type { ProviderStatus } from "@mcp-optimizer/contracts";
import { assignIdentifiers } from "./assign-identifiers.ts";
import { buildServer, type ServerListing } from "./build-server.ts";
import type { Catalogue, CatalogueServer } from "./catalogue.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { RESERVED_NAMESPACES } from "./reserved-names.ts";

const listings = new WeakMap<CatalogueServer, ServerListing["tools"]>();

/**
 * Builds a snapshot of all servers' tools, in the given order. Pure. A server whose tools and status are as in `previous` keeps its
 * object; a snapshot that differs from `previous` in nothing is `previous` itself. Tools that cannot be used are kept out and
 * named in the server's `problems`. Of several servers of one name, the first counts.
 */
export function buildCatalogue(servers: readonly ServerListing[], previous?: Catalogue): Catalogue {
  const seen = new Set<string>();
  const unique = servers.filter(({ name }) => !seen.has(name) && seen.add(name));
  const namespaces = assignIdentifiers(
    unique.map((server) => server.name),
    { reserved: RESERVED_NAMESPACES, suffix: "Server" },
  );
  const before = new Map(previous?.servers.map((server) => [server.name, server]));
  const built = unique.map((listing) =>
    rebuild(listing, namespaces.get(listing.name)!, before.get(listing.name)),
  );
  if (previous !== undefined && sameItems(built, previous.servers)) return previous;
  return createSnapshot((previous?.version ?? 0) + 1, built);
}

function rebuild(
  listing: ServerListing,
  namespace: string,
  previous: CatalogueServer | undefined,
): CatalogueServer {
  const before = previous?.namespace === namespace ? previous : undefined;
  if (
    before !== undefined &&
    listings.get(before) === listing.tools &&
    sameStatus(before.status, listing.status)
  ) {
    return before;
  }
  const built = buildServer(listing, namespace, before);
  const server = before === undefined ? built : reuse(before, built);
  listings.set(server, listing.tools);
  return server;
}

/** The previous server, or its list of tools, where the new ones are the same. */
function reuse(before: CatalogueServer, built: CatalogueServer): CatalogueServer {
  if (!sameItems(before.tools, built.tools)) return built;
  const same = sameStatus(before.status, built.status) && sameItems(before.problems, built.problems);
  return same ? before : { ...built, tools: before.tools };
}

function sameStatus(a: ProviderStatus, b: ProviderStatus): boolean {
  return a.state === b.state && (a.state !== "failed" || b.state !== "failed" || a.reason === b.reason);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
