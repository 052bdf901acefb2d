import { OptimizerError } from "@mcp-optimizer/contracts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import type { Exposure } from "./exposure.ts";

/** The error for a name that is in no list. It says what there is, and the name in the list of a tool that was probably meant. */
export function unlistedTool(name: string, exposure: Exposure, catalogue: Catalogue): OptimizerError {
  const meant = catalogue.resolve(name) ?? mostLike(name, catalogue);
  const listed = meant && exposure.nameOf(meant);
  const own = [...exposure.own].join(", ").replace(/, (?=[^,]*$)/u, " and ");
  const hints = [
    ...(own === "" ? [] : [`there are ${own}`]),
    ...(listed === undefined ? [] : [`did you mean ${listed}?`]),
    ...(exposure.mode === "code_execution" ? ["Upstream tools are called inside run_code"] : []),
  ];
  return unknown(name, missingServer(name, catalogue) ?? hints.join(". "), {});
}

/** The error for a name that no upstream tool has, or that several have. */
export function unknownUpstreamTool(name: string, catalogue: Catalogue): OptimizerError {
  const found = catalogue.lookup(name).map(({ path }) => path);
  if (found.length > 0)
    return unknown(name, `it means several tools: ${found.join(", ")}`, { suggestions: found });
  const reason = missingServer(name, catalogue);
  if (reason !== undefined) return new OptimizerError("upstream_failed", { detail: reason });
  const suggestions = catalogue.suggest(name);
  const hint =
    suggestions.length > 0 ? `did you mean ${suggestions.join(" or ")}?` : "find it with search_tools";
  return unknown(name, hint, { suggestions });
}

const unknown = (name: string, hint: string, data: { suggestions?: string[] }): OptimizerError =>
  new OptimizerError("unknown_tool", {
    detail: [JSON.stringify(name.slice(0, 100)), hint].filter((part) => part !== "").join("; "),
    data,
  });

function mostLike(name: string, catalogue: Catalogue): CatalogueTool | undefined {
  const [path] = catalogue.suggest(name, 1);
  return path === undefined ? undefined : catalogue.resolve(path);
}

/** Why the server that a name begins with has no tools; undefined when it has some, or there is no such server. */
function missingServer(name: string, catalogue: Catalogue): string | undefined {
  const [prefix = ""] = name.split(/\.|__|\/|:/u);
  const server = catalogue.server(prefix.trim());
  if (server === undefined || server.tools.length > 0 || server.status.state === "ready") return undefined;
  return `${server.name}: ${server.status.state === "failed" ? server.status.reason : "it is still connecting"}`;
}
