import type { Clock, ToolDefinition } from "@mcp-optimizer/contracts";
import { createShownList, type ShownList } from "./shown-list.ts";
import type { ToolSource, ToolViewer } from "./tool-source.ts";

const DEBOUNCE_MS = 100;
/** Callers whose lists are followed, each by what it may see. */
const MOST_VIEWERS = 256;

/** The exposed tools: their listing, and one announcement for a burst of changes. */
export interface ToolList {
  /** The tools that a caller sees, in their source's order. Default caller: one without a name and scopes. */
  current(viewer?: ToolViewer): readonly ToolDefinition[];
  /** The tool of that name that a caller sees. */
  find(name: string, viewer?: ToolViewer): ToolDefinition | undefined;
  /** Calls the listener at most once per 100 ms, and only if a list differs from what clients may have seen. Returns the unsubscriber. */
  onChanged(listener: () => void): () => void;
  /** Stops listening to the source. Idempotent. */
  dispose(): void;
}

/** Watches a source's tools. */
export function createToolList(source: ToolSource, clock: Clock): ToolList {
  const listeners = new Set<() => void>();
  const common = createShownList(() => source.tools);
  const lists = new Map<string, ShownList>();
  /** Whether clients may have seen a list that is not followed any more. */
  let lost = false;
  let cancelTimer: (() => void) | undefined;

  const listOf = (viewer: ToolViewer | undefined): ShownList => {
    if (source.toolsFor === undefined || viewer === undefined) return common;
    const key = JSON.stringify([viewer.tenant, ...viewer.scopes.toSorted()]);
    let list = lists.get(key);
    if (list === undefined) {
      if (lists.size >= MOST_VIEWERS) {
        lost = true;
        lists.delete(lists.keys().next().value!);
      }
      lists.set(key, (list = createShownList(() => source.toolsFor!(viewer))));
    }
    return list;
  };

  const announce = (): void => {
    cancelTimer = undefined;
    const followed = lists.size === 0 ? [common] : [...lists.values()];
    const changed = followed.filter((list) => list.announce());
    if (changed.length === 0 && !lost) return;
    for (const listener of listeners) listener();
  };

  const unsubscribe = source.onChange(() => {
    cancelTimer ??= clock.schedule(DEBOUNCE_MS, announce);
  });

  return {
    current: (viewer) => listOf(viewer).current(),
    find: (name, viewer) => listOf(viewer).find(name),
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
