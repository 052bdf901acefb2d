import type { LedgerAmount, LedgerPart, TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import { toolTokens } from "../tokens/tool-tokens.ts";
import { guessTokens, type TextTokens } from "./held-text.ts";

/** A server's tools, as it lists them. */
export interface ServerList {
  readonly name: string;
  readonly tools: readonly ToolDefinition[];
}

/** Counts the tools of lists, each definition once in its life. */
export interface ListCounter {
  /** Counts a tool. Doing so beforehand, tool by tool, makes {@link amounts} quick. */
  count(tool: ToolDefinition): void;
  /** What a client's list costs, and what the servers' own lists would have cost it. */
  amounts(list: readonly ToolDefinition[], servers: readonly ServerList[]): LedgerAmount[];
}

interface ToolCost {
  /** Name, description and input schema, as clients put them before a model. */
  readonly model: TextTokens;
  /** The whole definition. */
  readonly wire: TextTokens;
}

/** Makes a {@link ListCounter}. */
export function createListCounter(counter: TokenCounter): ListCounter {
  const known = new WeakMap<ToolDefinition, ToolCost>();
  const costOf = (tool: ToolDefinition): ToolCost => {
    let cost = known.get(tool);
    if (cost === undefined) {
      known.set(tool, (cost = countTool(counter, tool)));
    }
    return cost;
  };
  const amount = (
    part: LedgerPart,
    subject: string,
    count: number,
    tools: readonly ToolDefinition[],
    kind: keyof ToolCost,
  ): LedgerAmount => ({
    part,
    subject,
    count,
    tokens: tools.reduce((sum, tool) => sum + costOf(tool)[kind].tokens, 0),
    estimated: tools.reduce((sum, tool) => sum + costOf(tool)[kind].estimated, 0),
  });
  return {
    count: (tool) => void costOf(tool),
    amounts: (list, servers) => [
      amount("list", "", 1, list, "model"),
      amount("list_wire", "", 1, list, "wire"),
      ...servers.flatMap(({ name, tools }) => [
        amount("definitions", name, tools.length, tools, "model"),
        amount("definitions_wire", name, tools.length, tools, "wire"),
      ]),
    ],
  };
}

function countTool(counter: TokenCounter, tool: ToolDefinition): ToolCost {
  const counted = (tokens: number): TextTokens => ({ tokens, estimated: 0 });
  try {
    return { model: counted(toolTokens(counter, tool)), wire: counted(counter.count(JSON.stringify(tool))) };
  } catch {
    // Of what is nested too deeply no text can be made. The catalogue does not show it; the server's list has it.
    const { name, description, inputSchema } = tool;
    const shown = { name, inputSchema, ...(typeof description === "string" && { description }) };
    return { model: guessTokens(shown), wire: guessTokens(tool) };
  }
}
