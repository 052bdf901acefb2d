import type { CallIntent, LoggedCall, LoggedRun, RunEnd, RunSummary } from "@mcp-optimizer/contracts";
import type { SQLOutputValue } from "node:sqlite";

/** A row of the tables, by column. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Columns of a run that {@link headOf} reads. */
export const RUN_COLUMNS = "id, tenant, run_id, program, at, used, owner, held_until, ended, source, session";

/** A run without its calls. */
export function headOf(row: Row, now: number): Omit<RunSummary, "calls"> {
  const { tenant, run_id: runId, program, at, ended, source, session } = row;
  return {
    tenant: parsed(tenant) as string,
    runId: parsed(runId) as string,
    program: String(program),
    source: parsed(source) as LoggedRun["source"],
    ...(session !== null && { session: parsed(session) as string }),
    at: Number(at),
    state: isHeld(row, now) ? "open" : "closed",
    ...(ended !== null && { end: parsed(ended) as RunEnd }),
  };
}

/** A call, as the log gives it. */
export function callOf({ place, intent, state, outcome }: Row): LoggedCall {
  const how = outcome === null ? { state } : parsed(outcome);
  return {
    ...(parsed(intent) as CallIntent),
    index: Number(place),
    outcome: how as LoggedCall["outcome"],
  };
}

/** Whether an owner has a run and has not been silent too long. */
export const isHeld = ({ owner, held_until: until }: Row, now: number): boolean =>
  owner !== null && Number(until) > now;

/** What JSON of ours says; who reads it names its type. */
const parsed = (json: SQLOutputValue | undefined): unknown => JSON.parse(String(json));
