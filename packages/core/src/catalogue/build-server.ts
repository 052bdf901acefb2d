import type { ProviderStatus, ToolDefinition } from "@mcp-optimizer/contracts";
import { assignIdentifiers } from "./assign-identifiers.ts";
import { createCatalogueTool } from "./catalogue-tool.ts";
import type { CatalogueServer, CatalogueTool } from "./catalogue.ts";
import { definitionProblem } from "./definition-problem.ts";
import { RESERVED_TOOLS } from "./reserved-names.ts";

/** A server's state as its provider tells it. */
export interface ServerListing {
  readonly name: string;
  readonly status: ProviderStatus;
  readonly tools: readonly ToolDefinition[];
}

/** Builds one server of a catalogue. Tools of `previous` whose definition is the same stay the same objects. */
export function buildServer(
  listing: ServerListing,
  namespace: string,
  previous: CatalogueServer | undefined,
): CatalogueServer {
  const { definitions, problems } = sift(listing.tools);
  const identifiers = assignIdentifiers([...definitions.keys()], {
    reserved: RESERVED_TOOLS,
    suffix: "Tool",
  });
  const before = new Map(previous?.tools.map((tool) => [tool.name, tool]));
  const tools = [...definitions].map(([name, definition]) => {
    const tool = createCatalogueTool(listing.name, namespace, identifiers.get(name)!, definition);
    return sameTool(before.get(name), tool) ?? tool;
  });
  const { name, status } = listing;
  return { name, namespace, status, tools, problems };
}

function sift(tools: readonly ToolDefinition[]): {
  definitions: Map<string, ToolDefinition>;
  problems: string[];
} {
  const definitions = new Map<string, ToolDefinition>();
  const problems: string[] = [];
  for (const definition of tools) {
    const problem = definitionProblem(definition);
    if (problem !== undefined) problems.push(problem);
    else if (definitions.has(definition.name)) {
      problems.push(
        `${JSON.stringify(definition.name)}: the server lists this name more than once; the first is used`,
      );
    } else definitions.set(definition.name, definition);
  }
  return { definitions, problems };
}

function sameTool(before: CatalogueTool | undefined, tool: CatalogueTool): CatalogueTool | undefined {
  return before !== undefined && before.path === tool.path && before.hash === tool.hash ? before : undefined;
}
