import { OptimizerError, type ExecutionLog } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import type { CatalogueTool } from "../../src/catalogue/catalogue.ts";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import { openRunJournal, type RunJournal } from "../../src/log/run-journal.ts";

type Method = "record" | "settle" | "close";

/** A run over a log of which single methods can be away. */
async function openAway(): Promise<{ log: ExecutionLog; journal: RunJournal; away: Set<Method> }> {
  const clock = createManualClock();
  const log = createMemoryExecutionLog({ clock });
  const away = new Set<Method>();
  const guarded = async <T>(method: Method, work: () => Promise<T>): Promise<T> => {
    if (away.has(method)) throw new OptimizerError("store_unavailable");
    return await work();
  };
  const shaky: ExecutionLog = {
    ...log,
    record: (...args) => guarded("record", () => log.record(...args)),
    settle: (...args) => guarded("settle", () => log.settle(...args)),
    close: (...args) => guarded("close", () => log.close(...args)),
  };
  const source = { kind: "program", code: "", language: "javascript" } as const;
  const run = { tenant: "t", runId: "r", source, owner: "o", leaseMs: 1_000 };
  const journal = await openRunJournal({ ...run, log: shaky, clock, randomId: () => "i" });
  return { log, journal, away };
}

const tool = { path: "files.write", hash: "h" } as CatalogueTool;
const write = { tool, args: {}, key: "w", effect: "write", repeatable: false } as const;
const read = { tool, args: {}, key: "r", effect: "read", repeatable: true } as const;
const works = async () => ({ state: "applied", value: 1 }) as const;

test("a write that worked and could not be noted is told as one that nobody should repeat", async () => {
  const { journal, away } = await openAway();
  away.add("settle");
  await expect(journal.call(write, works)).rejects.toMatchObject({ code: "outcome_unknown" });
  away.clear();
  let made = 0;
  const again = journal.call(write, async () => ((made += 1), { state: "applied", value: 2 }));
  await expect(again).rejects.toMatchObject({ code: "outcome_unknown" });
  expect(made).toBe(0);
});

test("reads that could not be noted are noted with what comes next, in their order", async () => {
  const { log, journal, away } = await openAway();
  await journal.call(read, async () => ({ state: "applied", value: "first" }));
  away.add("record");
  await expect(journal.call(write, works)).rejects.toMatchObject({ code: "store_unavailable" });
  away.clear();
  await journal.call(read, async () => ({ state: "applied", value: "second" }));
  await journal.call(write, works);
  await journal.close();
  const outcomes = (await log.read("t", "r"))!.calls.map(({ outcome }) => outcome);
  expect(outcomes).toMatchObject([{ value: "first" }, { value: "second" }, { value: 1 }]);
});

test("a run is given up though its last reads could not be noted", async () => {
  const { log, journal, away } = await openAway();
  await journal.call(read, works);
  away.add("record");
  await expect(journal.close()).rejects.toMatchObject({ code: "store_unavailable" });
  expect((await log.read("t", "r"))!.state).toBe("closed");
});
