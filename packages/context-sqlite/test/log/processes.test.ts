import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { LOG_INTENT as INTENT, LOG_START as START } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createSqliteExecutionLog } from "../../src/log/sqlite-execution-log.ts";
import { stateFolder } from "../state-folder.ts";

const SCRIPT = fileURLToPath(new URL("log-process.ts", import.meta.url));

interface LogProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line that it says. Throws with what it wrote to standard error when it ends without one. */
  readonly line: () => Promise<string>;
}

function start(what: "hold" | "race" | "fill", file: string, owner = "o"): LogProcess {
  const args = [SCRIPT, what, file, owner, JSON.stringify([START, INTENT])];
  const child = spawn(process.execPath, ["--conditions=@mcp-optimizer/source", ...args], {
    timeout: 25_000,
    killSignal: "SIGKILL",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += String(text)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the process ended: ${stderr}`);
      return value;
    },
  };
}

test("what a process had noted when it was killed is unknown to the next", async () => {
  const file = join(stateFolder(), "state.db");
  const { child, line } = start("hold", file);
  expect(await line()).toBe("intended");
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
  let now = Date.now();
  await using log = await createSqliteExecutionLog({ file, clock: { now: () => now } });
  expect(await log.read("t", "r")).toMatchObject({
    state: "open",
    calls: [{ outcome: { state: "intended" } }],
  });
  await expect(log.open({ ...START, owner: "next" })).rejects.toMatchObject({ code: "conflict" });
  now += START.leaseMs;
  expect(await log.open({ ...START, owner: "next" })).toMatchObject({
    calls: [{ tool: "files.write", outcome: { state: "unknown", error: { code: "outcome_unknown" } } }],
  });
});

test("of several processes that want one run, one gets it", async () => {
  const file = join(stateFolder(), "state.db");
  const racers = ["a", "b", "c"].map((owner) => start("race", file, owner));
  for (const racer of racers) expect(await racer.line()).toBe("ready");
  for (const { child } of racers) child.stdin.end("go\n");
  const ends = await Promise.all(racers.map((racer) => racer.line()));
  expect(ends.toSorted()).toEqual(["conflict", "conflict", "won"]);
  await using log = await createSqliteExecutionLog({ file, clock: Date });
  await expect(log.open(START)).rejects.toMatchObject({ code: "conflict" });
});

test("processes that make the file and write at once lose nothing", async () => {
  const file = join(stateFolder(), "new", "state.db");
  const writers = ["a", "b", "c"].map((owner) => start("fill", file, owner));
  for (const writer of writers) expect(await writer.line()).toBe("filled");
  await using log = await createSqliteExecutionLog({ file, clock: Date });
  const { runs } = await log.list("t", { limit: 100 });
  expect(runs).toHaveLength(60);
  for (const { runId } of runs) {
    expect(await log.read("t", runId)).toMatchObject({
      state: "closed",
      calls: [{ outcome: { state: "applied", value: Number(runId.split("-")[1]) } }],
    });
  }
});
