import type { Clock, ServedCallOptions, ToolDefinition, ToolProvider } from "@mcp-optimizer/contracts";
import type { CountingQueue } from "./counting-queue.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { ListCounter } from "./list-amounts.ts";

/** Records the lists of tools that sessions have, and would have had. */
export interface SessionLists {
  /** A session makes a call, with this list before it. Nothing is recorded of a call without a session: it may be anybody's. */
  see(owner: Pick<ServedCallOptions, "tenant" | "session">, list: readonly ToolDefinition[]): void;
}

/** What session lists stand on. */
export interface SessionListParts {
  readonly upstreams: readonly Pick<ToolProvider, "name" | "tools">[];
  readonly lists: ListCounter;
  readonly queue: CountingQueue;
  readonly writer: Pick<LedgerWriter, "setLists">;
  readonly clock: Pick<Clock, "now">;
  /** Called when there is something to write. */
  readonly written: () => void;
}

/** Sessions of which it is known what is recorded; of one that was forgotten the same is recorded again, in its place. */
const MOST_SESSIONS = 10_000;

/** Makes {@link SessionLists}. */
export function createSessionLists(parts: SessionListParts): SessionLists {
  const { upstreams, lists, queue, writer, clock } = parts;
  const seen = new Map<string, readonly (readonly ToolDefinition[])[]>();
  return {
    see({ tenant = "local", session }, list) {
      if (session === undefined) return;
      const servers = upstreams.map(({ name, tools }) => ({ name, tools }));
      const now = [list, ...servers.map(({ tools }) => tools)];
      const key = JSON.stringify([tenant, session]);
      const before = seen.get(key);
      if (before?.every((tools, index) => tools === now[index]) === true) return;
      seen.delete(key);
      seen.set(key, now);
      if (seen.size > MOST_SESSIONS) seen.delete(seen.keys().next().value!);
      const at = clock.now();
      for (const tools of now) for (const tool of tools) queue.add(() => lists.count(tool));
      queue.add(() => {
        writer.setLists({ tenant, session, at, amounts: lists.amounts(list, servers) });
        parts.written();
      });
    },
  };
}
