import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "@mcp-optimizer/services";
import { expect, onTestFinished, test, vi } from "vitest";
import { openProcess } from "./fixtures/engine-of.ts";
import { startChild } from "./fixtures/start-child.ts";

const CODE = `const before = await notes.write({ text: "before" });
let once;
try {
  once = await notes.write({ text: "once" });
} catch (error) {
  once = error.code;
}
return [before, once, await notes.write({ text: "after" })];`;
const DONE = ["wrote before", "outcome_unknown", "wrote after"];

async function place() {
  const folder = mkdtempSync(join(tmpdir(), "run-queue-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const open = async (...[kind, more]: [Kind, Parameters<typeof openProcess>[3]?]) => {
    const opened = await openProcess(redis.url, folder, kind, more);
    onTestFinished(() => opened.dispose());
    return opened;
  };
  const hang = join(folder, "hang");
  return {
    redis,
    folder,
    open,
    hang: () => writeFileSync(hang, ""),
    goOn: () => rmSync(hang, { force: true }),
    writes: (): string[] => readFileSync(join(folder, "writes"), "utf8").trim().split("\n"),
  };
}
type Kind = Parameters<typeof openProcess>[2];
const TIME = { timeout: 60_000 };
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

test(
  "a worker that leaves in the middle of a write: another one goes on, and writes nothing twice",
  TIME,
  async () => {
    const { open, hang, goOn, writes } = await place();
    const written = async (text: string): Promise<void> => {
      if (text === "once") hang();
    };
    const front = await open("front");
    const leaving = await open("worker", { written });
    const other = await open("worker", { written });
    const worker = await leaving.optimizer.work(leaving.queue, { concurrency: 1 });
    const running = front.optimizer.run({ code: CODE });
    await until(() => expect(writes()).toEqual(["before", "once"]));
    await worker.close(0);
    goOn();
    await other.optimizer.work(other.queue, { concurrency: 1 });
    expect((await running).value).toEqual(DONE);
    expect(writes()).toEqual(["before", "once", "after"]);
  },
);

test(
  "a worker that stood still in the middle of a write, and comes back, writes nothing more",
  TIME,
  async () => {
    const { redis, folder, open, hang, goOn, writes } = await place();
    const front = await open("front");
    const other = await open("worker");
    const frozen = startChild("engine-process.ts", [redis.url, folder]);
    onTestFinished(() => frozen.kill());
    await frozen.said;
    hang();
    const running = front.optimizer.run({ code: CODE.replace(/^.*\n/, 'const before = "wrote before";\n') });
    await until(() => expect(writes()).toEqual(["once"]));
    frozen.signal("SIGSTOP");
    goOn();
    const worker = await other.optimizer.work(other.queue, { concurrency: 1 });
    expect((await running).value).toEqual(DONE);
    await worker.close();
    frozen.signal("SIGCONT");
    // It does the next one when it is through with what it had.
    const next = await front.optimizer.run({ code: "return await notes.read({})" });
    expect(next.value).toBe("read");
    expect(writes()).toEqual(["once", "after"]);
  },
);
