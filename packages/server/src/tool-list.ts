import { isDeepStrictEqual } from "node:util";
import type { Clock, ToolDefinition } from "@mcp-optimizer/contracts";
import type { ToolSource } from "./tool-source.ts";

const DEBOUNCE_MS = 100;

/** The exposed tools: their listing, and one announcement for a burst of changes. */
export interface ToolList {
  /** The tools in their source's order. A change of the order alone is no change: clients cache the list as text. */
  current(): readonly ToolDefinition[];
  /** The listed tool of that name. */
  find(name: string): ToolDefinition | undefined;
  /** Calls the listener at most once per 100 ms, and only if the list differs from what clients may have seen. Returns the unsubscriber. */
  onChanged(listener: () => void): () => void;
  /** Stops listening to the source. Idempotent. */
  dispose(): void;
}

/** Watches a source's tools. */
export function createToolList(source: ToolSource, clock: Clock): ToolList {
  const listeners = new Set<() => void>();
  let raw = source.tools;
  let tools = raw;
  let byName = indexed(tools);
  let announced = tools;
  /** A list that was handed out between a change and its announcement. */
  let handedOut: readonly ToolDefinition[] | undefined;
  let cancelTimer: (() => void) | undefined;

  const refresh = (): void => {
    if (source.tools === raw) return;
    raw = source.tools;
    if (sameTools(raw, byName)) return;
    tools = raw;
    byName = indexed(tools);
  };

  const announce = (): void => {
    cancelTimer = undefined;
    refresh();
    const seen = [announced, handedOut ?? announced];
    announced = tools;
    handedOut = undefined;
    if (seen.every((list) => list === tools || sameTools(list, byName))) return;
    for (const listener of listeners) listener();
  };

  const unsubscribe = source.onChange(() => {
    cancelTimer ??= clock.schedule(DEBOUNCE_MS, announce);
  });

  return {
    current() {
      refresh();
      if (tools !== announced) handedOut = tools;
      return tools;
    },
    find(name) {
      refresh();
      return byName.get(name);
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      unsubscribe();
      cancelTimer?.();
      cancelTimer = undefined;
      listeners.clear();
    },
  };
}

function indexed(tools: readonly ToolDefinition[]): Map<string, ToolDefinition> {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function sameTools(tools: readonly ToolDefinition[], byName: Map<string, ToolDefinition>): boolean {
  return (
    tools.length === byName.size && tools.every((tool) => isDeepStrictEqual(tool, byName.get(tool.name)))
  );
}
