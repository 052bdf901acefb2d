import {
  OptimizerError,
  type ExecutionLog,
  type ToolProvider,
  type ToolResult,
} from "@mcp-optimizer/contracts";
import type { CallFault, Schedule } from "./schedule.ts";

const NEVER = new Promise<never>(() => undefined);

/** One life of our process: when it has died, nothing that it waits for comes. */
export interface Life {
  /** Resolves when the process dies. */
  readonly died: Promise<void>;
  /** Aborts when the client leaves. */
  readonly client: AbortSignal;
  readonly provider: ToolProvider;
  readonly log: ExecutionLog;
}

/** An upstream that counts what it commits, and processes that die on schedule in front of it. */
export interface FaultyWorld {
  /** How often the write of each key was committed. */
  readonly commits: ReadonlyMap<number, number>;
  begin(): Life;
}

/** Makes a world for a schedule. The log outlives every process. */
export function createFaultyWorld(schedule: Schedule, log: ExecutionLog): FaultyWorld {
  const callFaults = [...schedule.callFaults];
  const logFaults = [...schedule.logFaults];
  const commits = new Map<number, number>();
  return {
    commits,
    begin() {
      const death = Promise.withResolvers<void>();
      const client = new AbortController();
      let dead = false;
      const die = (): Promise<never> => {
        dead = true;
        death.resolve();
        return NEVER;
      };
      const guarded = async <T>(write: () => Promise<T>): Promise<T> => {
        if (dead) return await NEVER;
        const fault = logFaults.shift() ?? "none";
        if (fault === "crash before") return await die();
        const value = await write();
        return fault === "crash after" || dead ? await die() : value;
      };
      const commit = (name: string, key: number): void => {
        if (name === "write") commits.set(key, (commits.get(key) ?? 0) + 1);
      };
      return {
        died: death.promise,
        client: client.signal,
        provider: upstream(async (name, key) => {
          if (dead) return await NEVER;
          const fault: CallFault = callFaults.shift() ?? "none";
          if (fault === "refused")
            throw new OptimizerError("upstream_failed", { data: { notApplied: true } });
          if (fault.endsWith("after") || fault === "none") commit(name, key);
          if (fault.startsWith("crash")) return await die();
          if (fault.startsWith("lost"))
            throw new OptimizerError("upstream_failed", { detail: "the reply was lost" });
          if (fault.startsWith("client")) {
            client.abort();
            throw new OptimizerError("cancelled");
          }
          return `${name} ${key} done`;
        }),
        log: {
          open: (start) => guarded(() => log.open(start)),
          intend: (...entry) => guarded(() => log.intend(...entry)),
          settle: (...entry) => guarded(() => log.settle(...entry)),
          close: (...entry) => guarded(() => log.close(...entry)),
          read: (...entry) => log.read(...entry),
          list: (...entry) => log.list(...entry),
        },
      };
    },
  };
}

const inputSchema = { type: "object", properties: { key: { type: "integer" } }, required: ["key"] };

/** An upstream with a tool that reads and one that writes. */
export const UPSTREAM: Omit<ToolProvider, "callTool"> = {
  name: "world",
  status: { state: "ready" },
  tools: [
    { name: "read", inputSchema },
    { name: "write", inputSchema },
  ],
  onChange: () => () => undefined,
  dispose: async () => undefined,
};

function upstream(answer: (name: string, key: number) => Promise<string>): ToolProvider {
  return {
    ...UPSTREAM,
    async callTool(name, args): Promise<ToolResult> {
      return { content: [{ type: "text", text: await answer(name, args["key"] as number) }] };
    },
  };
}
