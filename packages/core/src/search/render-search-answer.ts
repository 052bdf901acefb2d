import { safeText } from "../signatures/safe-text.ts";
import { addsMeaning } from "../signatures/adds-meaning.ts";
import type { SearchAnswer, SearchHit, SearchNeed, SearchServer } from "./search-answer.ts";

/** The answer as text for a model: signatures of the best, names of the rest, shared types once, what is missing at the end. */
export function renderSearchAnswer(answer: SearchAnswer): string {
  const { needs, types, problems, servers = [] } = answer;
  const browsing = needs.length === 1 && needs[0]!.query === "";
  const parts = browsing
    ? [renderBrowse(needs[0]!, servers)]
    : needs.map((need) => renderNeed(need, needs.length > 1));
  if (types.length > 0) parts.push(types.join("\n"));
  if (parts.join("").includes("/* …"))
    parts.push('Cut where marked …; whole: tools.describe(name) in run_code, or detail "full".');
  if (!browsing && servers.length > 0)
    parts.push(`Servers: ${servers.map(label).join(" ") || "none"}. An empty query lists names.`);
  if (problems.length > 0) {
    parts.push(`Problems: ${problems.map(({ server, reason }) => `${server}: ${reason}`).join(" | ")}`);
  }
  return parts.join("\n\n");
}

function renderNeed(need: SearchNeed, several: boolean): string {
  const { query, hits } = need;
  const head = `${several ? `## ${query}\n` : ""}${extent(need)}`;
  const shown = hits.filter((hit) => hit.signature !== undefined);
  const rest = hits.filter((hit) => hit.signature === undefined);
  const lines = [head, ...shown.map(renderHit)];
  if (rest.length > 0)
    lines.push(shown.length > 0 ? "Also, names by server:" : "Names by server:", ...byServer(rest));
  return lines.join("\n");
}

/** Names without signatures: a line for each server, the servers in the order of their best. */
function byServer(hits: readonly SearchHit[]): string[] {
  const groups = Map.groupBy(hits, ({ path }) => path.slice(0, path.indexOf(".")));
  return [...groups].map(
    ([namespace, of]) => `${namespace}: ${of.map(({ path }) => path.slice(namespace.length + 1)).join(", ")}`,
  );
}

function renderHit({ signature = "", summary, name }: SearchHit): string {
  // A declaration over several lines has the description in its comment.
  const told = signature.includes("\n") || signature.startsWith("/**") || !addsMeaning(name, summary);
  return told ? signature : `${signature} // ${summary}`;
}

function extent({ relevant, hits, offset, next, similar = [] }: SearchNeed): string {
  if (relevant === 0)
    return similar.length === 0
      ? "No tool matches."
      : `No tool matches. Similar names: ${similar.join(", ")}`;
  const tools = `${relevant} relevant ${relevant === 1 ? "tool" : "tools"}`;
  if (next === undefined && offset === 0) return `${tools}, complete:`;
  if (hits.length === 0) return `${tools}; none from offset ${offset}.`;
  const range = `${offset + 1} to ${offset + hits.length}`;
  return next === undefined
    ? `${tools}, ${range}, the last:`
    : `${tools}, partial: ${range}; next offset=${next}:`;
}

function renderBrowse(need: SearchNeed, servers: readonly SearchServer[]): string {
  const { relevant, hits, offset, next } = need;
  const counts = new Map(servers.map((server) => [server.server, server]));
  const groups = Map.groupBy(hits, (hit) => hit.server);
  const lines = [...groups].map(([server, hits]) => {
    const found = counts.get(server);
    const bare = hits.map((hit) => hit.signature ?? hit.path.slice(hit.path.indexOf(".") + 1));
    return hits.some((hit) => hit.signature !== undefined)
      ? bare.join("\n")
      : `${found === undefined ? safeText(server) : label(found)}: ${bare.join(", ")}`;
  });
  const silent = servers.filter(({ server }) => !groups.has(server)).map(label);
  const range =
    next === undefined && offset === 0
      ? "complete"
      : `partial: ${offset + 1} to ${offset + hits.length}${next === undefined ? ", the last" : `; next offset=${next}`}`;
  return [
    `${relevant} ${relevant === 1 ? "tool" : "tools"}, ${range}. Call as server.name.`,
    ...lines,
    ...(silent.length > 0 ? [`Other servers: ${silent.join(" ")}`] : []),
  ].join("\n");
}

function label({ namespace, tools }: SearchServer): string {
  return `${namespace}(${tools})`;
}
