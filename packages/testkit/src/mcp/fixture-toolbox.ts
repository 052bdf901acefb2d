import type { FixtureTool } from "./fixture-tool.ts";

/** The tools of a fixture, and who wants to know when they change. */
export interface FixtureToolbox {
  readonly tools: readonly FixtureTool[];
  /** Adds a tool and tells the listeners. */
  add(tool: FixtureTool): void;
  /** Calls the listener after the tools changed. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

/** Makes a toolbox of these tools. */
export function createFixtureToolbox(tools: readonly FixtureTool[] = []): FixtureToolbox {
  const listeners = new Set<() => void>();
  let current = tools;
  return {
    get tools() {
      return current;
    },
    add(tool) {
      current = [...current, tool];
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
