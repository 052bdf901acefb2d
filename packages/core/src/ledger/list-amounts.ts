import type { LedgerAmount, LedgerPart, TokenCounter, ToolDefinition } from "@mcp-optimizer/contracts";
import { toolTokens } from "../tokens/tool-tokens.ts";

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
  readonly model: number;
  /** The whole definition. */
  readonly wire: number;
}

/** Makes a {@link ListCounter}. */
export function createListCounter(counter: TokenCounter): ListCounter {
  const known = new WeakMap<ToolDefinition, ToolCost>();
  const costOf = (tool: ToolDefinition): ToolCost => {
    let cost = known.get(tool);
    if (cost === undefined) {
      cost = { model: toolTokens(counter, tool), wire: counter.count(JSON.stringify(tool)) };
      known.set(tool, cost);
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
    tokens: tools.reduce((sum, tool) => sum + costOf(tool)[kind], 0),
    estimated: 0,
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
