import type { ExecutionLog, JsonValue } from "@mcp-optimizer/contracts";
import { callName, type Schedule } from "./schedule.ts";

/** What must never happen, counted; all are zero when the engine keeps its word. */
export interface Damage {
  /** Writes that were committed more often than the program makes them. */
  readonly duplicateWrites: number;
  /** Writes that the program was told had worked, and had not. */
  readonly lostAcknowledged: number;
  /** Writes that were committed, and that the program or the log of the run does not know of. */
  readonly unreportedUnknown: number;
}

/** What a program is told of a write that may have happened. */
const DOUBT: ReadonlySet<string> = new Set(["outcome_unknown", "upstream_failed", "cancelled"]);

/** Compares what a program was told, and what the log has, with what the upstream committed. */
export async function damageOf(
  { program }: Schedule,
  value: JsonValue | undefined,
  commits: ReadonlyMap<string, number>,
  read: () => ReturnType<ExecutionLog["read"]>,
): Promise<Damage> {
  const told = (value as string[][]).flat();
  const made = program
    .flat()
    .map(({ kind, key }, index) => ({ kind, name: callName(kind, { key }), told: told[index]! }));
  const logged = (await read())?.calls ?? [];
  let [duplicateWrites, lostAcknowledged, unreportedUnknown] = [0, 0, 0];
  const writes = made.filter(({ kind }) => kind !== "read");
  for (const name of new Set([...writes.map((write) => write.name), ...commits.keys()])) {
    const committed = commits.get(name) ?? 0;
    const own = writes.filter((write) => write.name === name);
    const acknowledged = own.filter((write) => write.told === `${name} done`).length;
    const doubtful = own.filter((write) => DOUBT.has(write.told)).length;
    const known = logged.filter(
      ({ tool, args, outcome }) =>
        callName(tool.slice("world.".length), args) === name &&
        (outcome.state === "applied" || outcome.state === "unknown"),
    ).length;
    duplicateWrites += Math.max(0, committed - own.length);
    lostAcknowledged += Math.max(0, acknowledged - committed);
    unreportedUnknown += Math.max(0, committed - Math.min(acknowledged + doubtful, known));
  }
  return { duplicateWrites, lostAcknowledged, unreportedUnknown };
}
