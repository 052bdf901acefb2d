import type { Bulletin, SessionStore } from "@mcp-optimizer/contracts";

/** What all processes that serve the same clients share, so that each of them can serve each request. */
export interface SharedState {
  /** Sessions of clients of revisions before 2026-07-28, and what they say to a process other than the one that asked. */
  readonly sessions: SessionStore;
  /** Tasks, and which processes work on them. */
  readonly tasks: SessionStore;
  /** How they tell each other of it. */
  readonly bulletin: Bulletin;
}
