import { once } from "node:events";
import type { CallIntent, RunStart } from "@mcp-optimizer/contracts";
import { createSqliteExecutionLog } from "../../src/log/sqlite-execution-log.ts";

// A process with the log open: `hold` notes a call and stays, `race` opens the run once it is told to, `fill` writes runs of its own.
const [what, file, owner, entries] = process.argv.slice(2) as [string, string, string, string];
const [START, INTENT] = JSON.parse(entries) as [RunStart, CallIntent];
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const log = await createSqliteExecutionLog({ file, clock: Date });
if (what === "hold") {
  await log.open(START);
  await log.intend(START.tenant, START.runId, START.owner, INTENT);
  say("intended");
  setInterval(() => undefined, 1_000);
} else if (what === "race") {
  say("ready");
  await once(process.stdin, "data");
  process.stdin.destroy();
  const end = await log.open({ ...START, owner }).then(
    () => "won",
    (error: { code: string }) => error.code,
  );
  say(end);
} else {
  for (let i = 0; i < 20; i++) {
    const runId = `${owner}-${i}`;
    await log.open({ ...START, runId, owner });
    const index = await log.intend(START.tenant, runId, owner, INTENT);
    await log.settle(START.tenant, runId, owner, index, { state: "applied", value: i });
    await log.close(START.tenant, runId, owner, { at: i });
  }
  await log.dispose();
  say("filled");
}
