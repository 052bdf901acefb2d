import type { JsonObject } from "@mcp-optimizer/contracts";

/** Where the calls find what they need. */
export interface PairPlaces {
  /** What the filesystem server serves; the repositories are in it. */
  readonly files: string;
  /** A git repository with history. */
  readonly repository: string;
  /** Serves `stock.html` and `form.html`. */
  readonly pagesUrl: string;
}

/** Two calls of a tool with different arguments, where it takes any, as two users would make them. */
export interface CallPair {
  readonly tool: string;
  readonly first: JsonObject;
  readonly second: JsonObject;
  /** Calls of the same server that set things up for the first, and for the second. */
  readonly before?: readonly ToolCall[];
  readonly between?: readonly ToolCall[];
}

/** A tool's own name, and its arguments. */
export type ToolCall = readonly [tool: string, args: JsonObject];
