import type { Catalogue, CatalogueServer, CatalogueTool } from "./catalogue.ts";
import { nameKey } from "./name-key.ts";
import { serverNames } from "./server-names.ts";

/** What may stand between a server's name and a tool's. */
const SEPARATORS = [".", "__", "/", ":"];
/** What clients put in front of full names. */
const PREFIXES = ["tools.", "mcp__", "mcp."];
const LONGEST = 700;

/** Finds tools and servers by name. Reads the names on first use. */
export function createNameIndex(
  servers: readonly CatalogueServer[],
): Pick<Catalogue, "resolve" | "lookup" | "server"> {
  let read: Names | undefined;
  const names = (): Names => (read ??= readNames(servers));

  const lookup = (name: string): CatalogueTool[] => {
    const wanted = name.trim();
    if (wanted === "" || wanted.length > LONGEST) return [];
    const prefix = PREFIXES.find((prefix) => wanted.startsWith(prefix));
    const spellings = prefix === undefined ? [wanted] : [wanted, wanted.slice(prefix.length)];
    for (const find of [findFull, findBare, findLoose]) {
      for (const spelling of spellings) {
        const found = find(names(), spelling);
        if (found.length > 0) return found;
      }
    }
    return [];
  };
  return {
    lookup,
    resolve(name) {
      const found = lookup(name);
      return found.length === 1 ? found[0] : undefined;
    },
    server(name) {
      const { owners, ownerKeys } = names();
      const found = owners.get(name) ?? ownerKeys.get(nameKey(name)) ?? [];
      return found.length === 1 ? found[0] : undefined;
    },
  };
}

interface Names {
  /** Servers by name and by namespace; a name goes before another server's namespace. */
  readonly owners: ReadonlyMap<string, readonly CatalogueServer[]>;
  readonly ownerKeys: ReadonlyMap<string, readonly CatalogueServer[]>;
  readonly bare: ReadonlyMap<string, readonly CatalogueTool[]>;
  readonly loose: ReadonlyMap<string, readonly CatalogueTool[]>;
}

function readNames(servers: readonly CatalogueServer[]): Names {
  const owners = new Map(servers.map((server) => [server.namespace, [server]]));
  for (const server of servers) {
    const others = owners.get(server.name) ?? [];
    owners.set(server.name, [server, ...others.filter((other) => other !== server)].slice(0, 1));
  }
  const ownerKeys = new Map<string, CatalogueServer[]>();
  const bare = new Map<string, CatalogueTool[]>();
  const loose = new Map<string, CatalogueTool[]>();
  for (const server of servers) {
    for (const key of new Set([nameKey(server.name), nameKey(server.namespace)]))
      add(ownerKeys, key, [server]);
    const { exact, keys } = serverNames(server);
    for (const [name, tool] of exact) add(bare, name, [tool]);
    for (const [key, tools] of keys) add(loose, key, tools);
  }
  ownerKeys.delete("");
  return { owners, ownerKeys, bare, loose };
}

function findFull({ owners }: Names, wanted: string): CatalogueTool[] {
  const found = new Set<CatalogueTool>();
  for (const separator of SEPARATORS) {
    for (let at = wanted.indexOf(separator, 1); at > 0; at = wanted.indexOf(separator, at + 1)) {
      for (const server of owners.get(wanted.slice(0, at)) ?? []) {
        const tool = serverNames(server).exact.get(wanted.slice(at + separator.length));
        if (tool !== undefined) found.add(tool);
      }
    }
  }
  return [...found];
}

function findBare({ bare }: Names, wanted: string): CatalogueTool[] {
  return [...(bare.get(wanted) ?? [])];
}

function findLoose({ ownerKeys, loose }: Names, wanted: string): CatalogueTool[] {
  const key = nameKey(wanted);
  const found = new Set(loose.get(key));
  for (let at = 1; at < key.length; at++) {
    for (const server of ownerKeys.get(key.slice(0, at)) ?? []) {
      for (const tool of serverNames(server).keys.get(key.slice(at)) ?? []) found.add(tool);
    }
  }
  return [...found];
}

function add<T>(map: Map<string, T[]>, key: string, items: readonly T[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [...items]);
  else list.push(...items);
}
