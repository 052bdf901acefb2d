import { distance } from "fastest-levenshtein";
import { splitWords } from "./split-words.ts";
import type { CatalogueTool } from "./catalogue.ts";
import { nameKey } from "./name-key.ts";

/** Similarity under which a name is no suggestion: 1 is the same name, 0 has nothing in common. */
const LEAST = 0.36;
const LONGEST = 200;

interface Candidate {
  readonly tool: CatalogueTool;
  readonly key: string;
  readonly fullKey: string;
  readonly serverKey: string;
  readonly words: ReadonlySet<string>;
}

/**
 * Makes `suggest`: paths of tools with a name like the wanted one, most similar first, by edit distance and shared words over tool
 * and server. Prepared on first use; 10,000 tools take a few milliseconds.
 */
export function createSuggester(tools: readonly CatalogueTool[]): (name: string, limit?: number) => string[] {
  let prepared: Candidate[] | undefined;
  return (name, limit = 3) => {
    prepared ??= tools.map(candidate);
    const wanted = readName(name.slice(0, LONGEST));
    if (wanted.fullKey === "") return [];
    return prepared
      .map((entry) => ({ path: entry.tool.path, score: similarity(wanted, entry) }))
      .filter((entry) => entry.score >= LEAST)
      .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
      .slice(0, limit)
      .map((entry) => entry.path);
  };
}

function candidate(tool: CatalogueTool): Candidate {
  return {
    tool,
    key: nameKey(tool.name),
    fullKey: nameKey(tool.server + tool.name),
    serverKey: nameKey(tool.server),
    words: new Set(splitWords(tool.name)),
  };
}

interface WantedName {
  readonly key: string;
  readonly fullKey: string;
  readonly serverKey: string;
  readonly words: ReadonlySet<string>;
}

function readName(name: string): WantedName {
  const full = name.trim().replace(/^(?:await\s+)?(?:tools\.|mcp__)/u, "");
  const parts = /^(?<server>.+?)(?:\.|__|\/)(?<tool>.+)$/u.exec(full)?.groups;
  const tool = parts?.["tool"] ?? full;
  return {
    key: nameKey(tool),
    fullKey: nameKey(full),
    serverKey: nameKey(parts?.["server"] ?? ""),
    words: new Set(splitWords(tool)),
  };
}

function similarity(wanted: WantedName, entry: Candidate): number {
  const letters = Math.max(closeness(wanted.key, entry.key), closeness(wanted.fullKey, entry.fullKey));
  const shared = sharedWords(wanted.words, entry.words);
  const server = wanted.serverKey === "" ? 0 : wanted.serverKey === entry.serverKey ? 0.15 : -0.1;
  return letters * 0.6 + shared * 0.5 + server;
}

function closeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : 1 - distance(a, b) / longest;
}

function sharedWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}
