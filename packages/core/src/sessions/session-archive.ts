import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, ExecutionLog, JsonValue, LoggedRun, SessionRecord } from "@mcp-optimizer/contracts";

/** Writes down a session that has ended. */
export type SessionArchive = (session: SessionRecord, how: "expired" | "deleted") => Promise<void>;

/** What an archive stands on. */
export interface SessionArchiveParts {
  /** Made when it is not there. */
  readonly folder: string;
  readonly executionLog: Pick<ExecutionLog, "list" | "read">;
  readonly clock: Pick<Clock, "now">;
}

/** The name under which a session that a run made knows that run, which began before there was the session. */
export const MADE_BY = "madeBy";

/**
 * An archive of one file for each session: a line of JSON for the session, then one for each of its runs that the log still has, with their
 * calls, the latest first. Only the user of this process may read them. A file is there whole, or not at all.
 */
export function createSessionArchive({ folder, executionLog, clock }: SessionArchiveParts): SessionArchive {
  return async (session, how) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, fileName(session));
    const part = `${file}.part`;
    const handle = await open(part, "w", 0o600);
    try {
      const line = async (value: unknown): Promise<void> => {
        await handle.appendFile(`${JSON.stringify(value)}\n`);
      };
      await line({ session, ended: how, at: clock.now() });
      for await (const run of runsOf(session, executionLog)) await line({ run });
      await handle.close();
      await rename(part, file);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(part, { force: true });
      throw error;
    }
  };
}

async function* runsOf(
  { tenant, id, data }: SessionRecord,
  log: SessionArchiveParts["executionLog"],
): AsyncGenerator<LoggedRun> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await log.list(tenant, { session: id, limit: 100, ...(cursor !== undefined && { cursor }) });
    for (const { runId } of page.runs) {
      const run = seen.has(runId) ? undefined : await log.read(tenant, runId);
      seen.add(runId);
      if (run !== undefined) yield run;
    }
    ({ cursor } = page);
  } while (cursor !== undefined);
  const maker: JsonValue | undefined = data[MADE_BY];
  const run = typeof maker === "string" && !seen.has(maker) ? await log.read(tenant, maker) : undefined;
  if (run !== undefined) yield run;
}

/** Ids may be anything, and a session that follows a connection may have lived before. */
function fileName({ tenant, id, createdAt }: SessionRecord): string {
  const plain = id.replaceAll(/[^\w-]/g, "_").slice(0, 64);
  const hash = createHash("sha256")
    .update(JSON.stringify([tenant, id]))
    .digest("hex")
    .slice(0, 12);
  return `${plain}-${hash}-${createdAt}.jsonl`;
}
