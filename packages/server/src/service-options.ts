import type { Clock, Log } from "@mcp-optimizer/contracts";
import type { TaskLimitOptions } from "./tasks/task-limits.ts";

/** What every way of serving needs to know. */
export interface ServiceOptions extends TaskLimitOptions {
  /** The name that clients are told. */
  readonly name: string;
  /** The version that clients are told. */
  readonly version: string;
  /** How to use the tools, for clients that show it to their model. Default: none. */
  readonly instructions?: string;
  /** Default: nothing is logged. */
  readonly log?: Log;
  /** Default: the system's. */
  readonly clock?: Clock;
}
