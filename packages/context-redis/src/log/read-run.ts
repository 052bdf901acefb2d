import type { CallIntent, LoggedCall, LoggedRun, RunEnd, RunSummary } from "@mcp-optimizer/contracts";

/** What does not change of a run, as it is kept. */
export type RunHead = Pick<LoggedRun, "tenant" | "runId" | "program" | "source" | "at" | "session">;

/** A run as scripts give it: head, end or '', whether it is held, number of calls; what follows differs. */
export type ShownRun = readonly [head: string, end: string, held: number, calls: number, ...rest: string[]];

/** A run without its calls. */
export function headOf([head, end, held]: ShownRun): Omit<RunSummary, "calls"> {
  return {
    ...(JSON.parse(head) as RunHead),
    state: held === 1 ? "open" : "closed",
    ...(end !== "" && { end: JSON.parse(end) as RunEnd }),
  };
}

/** The calls that a script gave with a run, which begin at a number. */
export function callsOf([, , , , ...texts]: ShownRun, from: number): LoggedCall[] {
  const calls: LoggedCall[] = [];
  for (let at = 0; at < texts.length; at += 2) {
    const [intent, outcome] = [texts[at]!, texts[at + 1]!];
    calls.push({
      ...(JSON.parse(intent) as CallIntent),
      index: from + at / 2,
      outcome:
        outcome === "" ? { state: "intended" } : (JSON.parse(outcome.slice(1)) as LoggedCall["outcome"]),
    });
  }
  return calls;
}
