import type { JsonObject, Language, TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueServer } from "../catalogue/catalogue.ts";
import type { ManifestProfile } from "../optimizer.ts";
import { runCodeTool } from "./run-code-tool.ts";

/** The most o200k_base tokens that the JSON of a profile's whole tool list may have. */
export const MANIFEST_BUDGETS: Readonly<Record<ManifestProfile, number>> = { minimal: 187, standard: 1_000 };

/**
 * The tools that the model of `code_execution` sees: `search_tools` and `run_code`. Their descriptions name the servers with their tool counts,
 * as many as the profile's budget allows; `standard` adds as many tool names as fit and says whether the list is complete.
 * Where the sandbox runs Python too, `run_code` takes a language and says how a tool is called in it.
 */
export function buildManifest(
  catalogue: Catalogue,
  profile: ManifestProfile,
  languages: readonly Language[],
  counter: TokenCounter,
): ToolDefinition[] {
  const python = languages.includes("python");
  const budget = MANIFEST_BUDGETS[profile];
  const servers = catalogue.servers.map(serverLabel);
  const fits = (manifest: ToolDefinition[]): boolean => counter.count(JSON.stringify(manifest)) <= budget;
  const withServers = (count: number): ToolDefinition[] =>
    manifestOf({ profile, python, servers: listed(servers, count), names: "" });
  const shown = mostThatFit(servers.length, (count) => fits(withServers(count)));
  if (profile === "minimal" || shown < servers.length) return withServers(shown);

  const names = roundRobin(catalogue.servers);
  const withNames = (count: number): ToolDefinition[] =>
    manifestOf({
      profile,
      python,
      servers: listed(servers, shown),
      names: nameList(names.slice(0, count), names.length),
    });
  return withNames(mostThatFit(names.length, (count) => fits(withNames(count))));
}

interface ManifestParts {
  readonly profile: ManifestProfile;
  /** Whether programs may be written in Python. */
  readonly python: boolean;
  readonly servers: string;
  readonly names: string;
}

function manifestOf({ profile, python, servers, names }: ManifestParts): ToolDefinition[] {
  const detailed = profile === "standard";
  const server: JsonObject = detailed ? { server: { type: "string" } } : {};
  const search = `Find tools of ${servers}. Several needs: separate with ";". Returns TypeScript signatures.`;
  return [
    {
      name: "search_tools",
      description: names === "" ? search : `${search} ${names}`,
      inputSchema: {
        type: "object",
        properties: { query: { type: "string" }, ...server, offset: { type: "integer" } },
        required: ["query"],
      },
    },
    runCodeTool({ python, detailed }),
  ];
}

/** The name under which programs reach a server, with its tool count, or with its state while it has none to offer. */
function serverLabel({ namespace, status, tools }: CatalogueServer): string {
  return tools.length === 0 && status.state !== "ready"
    ? `${namespace}(${status.state})`
    : `${namespace}(${tools.length})`;
}

function listed(servers: readonly string[], count: number): string {
  if (servers.length === 0) return "no server";
  const more = servers.length - count;
  if (count === 0) return `${more} servers`;
  return servers.slice(0, count).join(" ") + (more === 0 ? "" : ` and ${more} more`);
}

/** Tool paths, one of each server in turn, so that every server is represented. */
function roundRobin(servers: readonly CatalogueServer[]): { server: string; name: string }[] {
  const names: { server: string; name: string }[] = [];
  const longest = Math.max(0, ...servers.map(({ tools }) => tools.length));
  for (let turn = 0; turn < longest; turn += 1) {
    for (const { namespace, tools } of servers) {
      const tool = tools[turn];
      if (tool) names.push({ server: namespace, name: tool.identifier });
    }
  }
  return names;
}

function nameList(names: readonly { server: string; name: string }[], total: number): string {
  if (names.length === 0) return "";
  const groups = Object.entries(Object.groupBy(names, ({ server }) => server));
  const text = groups
    .map(([server, tools = []]) => `${server}: ${tools.map(({ name }) => name).join(" ")}`)
    .join("; ");
  return `Names (${names.length === total ? "complete" : `partial, ${names.length} of ${total}`}): ${text}.`;
}

/** The largest count from 0 to `total` that fits, where fewer always take less. */
function mostThatFit(total: number, fits: (count: number) => boolean): number {
  if (fits(total)) return total;
  let low = 0;
  let high = total - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
