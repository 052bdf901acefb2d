import type { Policy, PolicyTool } from "@mcp-optimizer/contracts";
import { asPolicyTool } from "../policy/as-policy-tool.ts";
import type { Catalogue, CatalogueServer, CatalogueTool } from "./catalogue.ts";
import { createSnapshot } from "./create-snapshot.ts";
import type { Viewer } from "./viewer.ts";

/**
 * The newest snapshot as a caller sees it: without the tools that the policy hides from it, and without servers that have no other. Callers who see
 * the same share one view, and while nothing is hidden it is the catalogue itself.
 */
export type CatalogueView = (viewer?: Viewer) => Catalogue;

/** Viewers, and different views of one snapshot, that are remembered. */
const MOST_VIEWERS = 1_000;
const MOST_VIEWS = 64;

interface Views {
  readonly ofViewer: Map<string, Catalogue>;
  readonly ofHidden: Map<string, Catalogue>;
}

/** Makes the {@link CatalogueView} of a catalogue as it is at each call. A policy that throws hides. */
export function createCatalogueView(
  catalogue: () => Catalogue,
  policy: Pick<Policy, "hides">,
): CatalogueView {
  const views = new WeakMap<Catalogue, Views>();
  const servers = new WeakMap<CatalogueServer, Map<string, CatalogueServer>>();
  /** By the list that they are left over from: it stays the same while the server's state changes, and so does what is indexed of it. */
  const lists = new WeakMap<readonly CatalogueTool[], Map<string, readonly CatalogueTool[]>>();

  const serverView = (server: CatalogueServer, hidden: string): CatalogueServer => {
    const { tools } = server;
    const seen = remember(mapOf(lists, tools), hidden, MOST_VIEWS, () => {
      const left = new Set(hidden.split(",").map(Number));
      return tools.filter((_, index) => !left.has(index));
    });
    return remember(mapOf(servers, server), hidden, MOST_VIEWS, () => ({ ...server, tools: seen }));
  };

  const view = (snapshot: Catalogue, viewer: Viewer, known: Views["ofHidden"]): Catalogue => {
    const hidden = snapshot.servers.map((server) => hiddenTools(server, policy, viewer));
    const key = hidden.join(";");
    if (hidden.every((indexes) => indexes === "")) return snapshot;
    return remember(known, key, MOST_VIEWS, () =>
      createSnapshot(
        snapshot.version,
        snapshot.servers
          .map((server, at) => (hidden[at] === "" ? server : serverView(server, hidden[at]!)))
          .filter(({ tools }, at) => hidden[at] === "" || tools.length > 0),
      ),
    );
  };

  return (viewer = {}) => {
    const snapshot = catalogue();
    let known = views.get(snapshot);
    if (known === undefined) views.set(snapshot, (known = { ofViewer: new Map(), ofHidden: new Map() }));
    const { ofViewer, ofHidden } = known;
    return remember(ofViewer, viewerKey(viewer), MOST_VIEWERS, () => view(snapshot, viewer, ofHidden));
  };
}

/** Indexes of a server's hidden tools. A server that has none yet, or no more, is hidden if any tool of it would be. */
function hiddenTools(
  { name, tools }: CatalogueServer,
  policy: Pick<Policy, "hides">,
  { tenant = "local", scopes = [] }: Viewer,
): string {
  const hides = (tool: PolicyTool): boolean => {
    try {
      return policy.hides(tool, tenant, scopes);
    } catch {
      return true;
    }
  };
  if (tools.length === 0) return hides({ server: name, name: "", annotations: {} }) ? "all" : "";
  return tools.flatMap((tool, index) => (hides(asPolicyTool(tool)) ? [index] : [])).join(",");
}

/** Scopes are a set: their order means nothing. */
const viewerKey = ({ tenant = "local", scopes = [] }: Viewer): string =>
  JSON.stringify([tenant, ...[...new Set(scopes)].sort()]);

function mapOf<K extends WeakKey, V>(maps: WeakMap<K, Map<string, V>>, key: K): Map<string, V> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map()));
  return map;
}

function remember<V>(known: Map<string, V>, key: string, most: number, make: () => V): V {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    if (known.size >= most) known.clear();
    known.set(key, value);
  }
  return value;
}
