import type { ContextStore, SessionRecord } from "@mcp-optimizer/contracts";
import type { SessionArchive } from "./session-archive.ts";
import type { SessionRuns } from "./session-runs.ts";
import type { SessionHooks } from "./sessions.ts";

/** What ends with a session. */
export interface SessionEndingsParts {
  readonly contextStore: Pick<ContextStore, "clear">;
  /** Default: none are known here. */
  readonly runs?: Pick<SessionRuns, "end"> | undefined;
  /** Default: nothing is written down. */
  readonly archive?: SessionArchive | undefined;
}

/** Ends with a session what belongs to it: runs under way are cancelled, what programs kept is cleared, and its runs are written down. */
export function sessionEndings({ contextStore, runs, archive }: SessionEndingsParts): SessionHooks {
  const ended =
    (how: "expired" | "deleted") =>
    async (session: SessionRecord): Promise<void> => {
      const { tenant, id } = session;
      await runs?.end(tenant, id);
      const steps: Promise<unknown>[] = [contextStore.clear(tenant, id)];
      if (archive !== undefined) steps.push(archive(session, how));
      const failures = (await Promise.allSettled(steps)).flatMap((step) =>
        step.status === "rejected" ? [step.reason as unknown] : [],
      );
      if (failures.length > 0)
        throw new AggregateError(failures, "What belongs to a session could not be ended");
    };
  return { onExpire: ended("expired"), onDelete: ended("deleted") };
}
