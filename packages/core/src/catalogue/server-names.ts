import type { CatalogueServer, CatalogueTool } from "./catalogue.ts";
import { nameKey } from "./name-key.ts";

/** The names of a server's tools. */
export interface ServerNames {
  /** By own name, and by identifier where no tool has that as its own name. */
  readonly exact: ReadonlyMap<string, CatalogueTool>;
  /** By {@link nameKey} of both. */
  readonly keys: ReadonlyMap<string, readonly CatalogueTool[]>;
}

const known = new WeakMap<readonly CatalogueTool[], ServerNames>();

/** The names of a server's tools, read once for as long as its list of tools stays the same. */
export function serverNames({ tools }: CatalogueServer): ServerNames {
  let names = known.get(tools);
  if (names === undefined) known.set(tools, (names = readNames(tools)));
  return names;
}

function readNames(tools: readonly CatalogueTool[]): ServerNames {
  const exact = new Map<string, CatalogueTool>();
  const keys = new Map<string, CatalogueTool[]>();
  for (const tool of tools) exact.set(tool.identifier, tool);
  for (const tool of tools) exact.set(tool.name, tool);
  for (const tool of tools) {
    const key = nameKey(tool.name);
    addTo(keys, key, tool);
    const identifierKey = nameKey(tool.identifier);
    if (identifierKey !== key) addTo(keys, identifierKey, tool);
  }
  keys.delete("");
  return { exact, keys };
}

function addTo(keys: Map<string, CatalogueTool[]>, key: string, tool: CatalogueTool): void {
  const list = keys.get(key);
  if (list === undefined) keys.set(key, [tool]);
  else list.push(tool);
}
