import type { TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import { firstSentence, safeText } from "../signatures/safe-text.ts";
import { splitWords } from "../catalogue/split-words.ts";
import { toolTokens } from "../tokens/tool-tokens.ts";

/** What `hybrid` costs a model either way, in tokens. Of each tool, name, description and input schema count. */
export interface BreakEven {
  /** Whether passing the tools through costs no more. */
  readonly passThrough: boolean;
  /** All upstream tools, under the names of a list. */
  readonly definitionTokens: number;
  /** The list of `hybrid` with search, its pinned tools included. */
  readonly listTokens: number;
  /** Of these, `run_code`, which stands beside tools that are passed through, too. */
  readonly runCodeTokens: number;
  /** The answer of one search, which a task then needs: the mean of {@link searches}. */
  readonly searchTokens: number;
  /** How many searches were made to measure it. */
  readonly searches: number;
  /** Definitions of at most so many tokens are passed through: `listTokens - runCodeTokens + searchTokens`. */
  readonly breakEvenTokens: number;
  /** The same in a sentence. */
  readonly reason: string;
}

/** What the break-even is computed from. */
export interface BreakEvenParts {
  /** All upstream tools, named as in a list. */
  readonly definitions: readonly ToolDefinition[];
  /** The list of `hybrid` with search. */
  readonly list: readonly ToolDefinition[];
  /** As it stands beside tools that are passed through. */
  readonly runCode: ToolDefinition;
  /** What a model reads of a search. */
  readonly search: (query: string) => string;
  readonly counter: TokenCounter;
}

const MOST_SEARCHES = 20;

/** Computes where `hybrid` changes over, from real definitions and real searches for up to 20 of the tools, evenly taken. Pure. */
export function measureBreakEven(parts: BreakEvenParts): BreakEven {
  const { definitions, counter } = parts;
  const definitionTokens = sumOfTokens(counter, definitions);
  const listTokens = sumOfTokens(counter, parts.list);
  const runCodeTokens = toolTokens(counter, parts.runCode);
  const sizes = evenly(definitions, MOST_SEARCHES).map((tool) => counter.count(parts.search(needOf(tool))));
  const searchTokens = Math.round(sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length));
  const breakEvenTokens = listTokens - runCodeTokens + searchTokens;
  const passThrough = definitions.length > 0 && definitionTokens <= breakEvenTokens;
  const count = `${definitions.length} ${definitions.length === 1 ? "tool" : "tools"}`;
  const reason =
    `the definitions of ${count} have ${definitionTokens} tokens, ${passThrough ? "within" : "over"} the break-even of ` +
    `${breakEvenTokens}: they are ${passThrough ? "passed through" : "found by search"}`;
  return {
    passThrough,
    definitionTokens,
    listTokens,
    runCodeTokens,
    searchTokens,
    searches: sizes.length,
    breakEvenTokens,
    reason: definitions.length === 0 ? "there are no tools to pass through" : reason,
  };
}

/** Tokens of a list of tools, as a client puts them before a model. */
export function sumOfTokens(counter: TokenCounter, tools: readonly ToolDefinition[]): number {
  return tools.reduce((sum, tool) => sum + toolTokens(counter, tool), 0);
}

/** A need that this tool meets, in words that its server uses: the first sentence of its description, else the words of its name. */
function needOf({ name, description = "" }: ToolDefinition): string {
  // Those characters would make several needs of it, or a server's name.
  const text = firstSentence(safeText((description ?? "").slice(0, 1_000))).replaceAll(/[;:；]/gu, ",");
  return /[\p{L}\p{N}]/u.test(text) ? text : splitWords(name).join(" ");
}

function evenly<T>(items: readonly T[], most: number): T[] {
  const count = Math.min(items.length, most);
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!);
}
