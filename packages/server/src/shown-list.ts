import { isDeepStrictEqual } from "node:util";
import type { ToolDefinition } from "@mcp-optimizer/contracts";

/** A list of tools, as clients may have seen it. */
export interface ShownList {
  /** The tools in their source's order, for a client. A change of the order alone is no change: clients cache the list as text. */
  current(): readonly ToolDefinition[];
  /** The listed tool of that name. */
  find(name: string): ToolDefinition | undefined;
  /** Takes the list as announced. True if it differs from what a client may have seen. */
  announce(): boolean;
}

/** Follows a list whose array is replaced when it changes. */
export function createShownList(read: () => readonly ToolDefinition[]): ShownList {
  let raw = read();
  let tools = raw;
  let announced = tools;
  /** A list that was handed out between a change and its announcement. */
  let handedOut: readonly ToolDefinition[] | undefined;

  const refresh = (): void => {
    const now = read();
    if (now === raw) return;
    raw = now;
    if (!sameTools(raw, tools)) tools = raw;
  };
  return {
    current() {
      refresh();
      if (tools !== announced) handedOut = tools;
      return tools;
    },
    find(name) {
      refresh();
      return indexOf(tools).get(name);
    },
    announce() {
      refresh();
      const seen = [announced, handedOut ?? announced];
      announced = tools;
      handedOut = undefined;
      return !seen.every((list) => sameTools(list, tools));
    },
  };
}

type Tools = readonly ToolDefinition[];

/** Many callers may have the same arrays: what is found out of them is kept. */
const indexes = new WeakMap<Tools, ReadonlyMap<string, ToolDefinition>>();
const comparisons = new WeakMap<Tools, WeakMap<Tools, boolean>>();

function indexOf(tools: Tools): ReadonlyMap<string, ToolDefinition> {
  let index = indexes.get(tools);
  if (index === undefined) indexes.set(tools, (index = new Map(tools.map((tool) => [tool.name, tool]))));
  return index;
}

function sameTools(one: Tools, other: Tools): boolean {
  if (one === other) return true;
  let known = comparisons.get(one);
  if (known === undefined) comparisons.set(one, (known = new WeakMap()));
  let same = known.get(other);
  if (same === undefined) {
    const index = indexOf(other);
    same = one.length === index.size && one.every((tool) => isDeepStrictEqual(tool, index.get(tool.name)));
    known.set(other, same);
  }
  return same;
}
