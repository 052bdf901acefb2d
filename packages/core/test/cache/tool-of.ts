import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";

/** A tool as a catalogue has it. */
export function toolOf(server: string, name: string, hash = `hash of ${name}`): CatalogueTool {
  const definition = { name, inputSchema: { type: "object" } };
  return { server, name, path: `${server}.${name}`, namespace: server, identifier: name, hash, definition };
}
