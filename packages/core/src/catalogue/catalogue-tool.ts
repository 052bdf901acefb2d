import { createHash } from "node:crypto";
import type { ToolDefinition } from "@mcp-optimizer/contracts";
import { canonicalJson } from "./canonical-json.ts";
import type { CatalogueTool } from "./catalogue.ts";

/** A tool of a catalogue. Its hash is computed when it is first read. */
export function createCatalogueTool(
  server: string,
  namespace: string,
  identifier: string,
  definition: ToolDefinition,
): CatalogueTool {
  let hash: string | undefined;
  return {
    server,
    name: definition.name,
    path: `${namespace}.${identifier}`,
    namespace,
    identifier,
    definition,
    get hash() {
      hash ??= createHash("sha256").update(canonicalJson(definition)).digest("hex");
      return hash;
    },
  };
}
