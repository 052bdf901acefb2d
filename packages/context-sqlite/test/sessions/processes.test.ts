import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createSqliteContextStore } from "../../src/context/sqlite-context-store.ts";
import { createSqliteSessionStore } from "../../src/sessions/sqlite-session-store.ts";
import { stateFolder } from "../state-folder.ts";

const SCRIPT = fileURLToPath(new URL("state-process.ts", import.meta.url));

test("of processes that write at once none loses a change, and what a killed one was told is there", async () => {
  const file = join(stateFolder(), "state.db");
  await using sessions = await createSqliteSessionStore({ file, clock: Date, name: "sessions" });
  await using contexts = await createSqliteContextStore({ file, clock: Date });
  await sessions.create({ tenant: "t", id: "s", principal: "p", data: { n: 0 }, ttlMs: 600_000 });
  const acknowledged = async (name: string, rounds: number): Promise<number> => {
    const args = ["--conditions=@mcp-optimizer/source", SCRIPT, file, name, String(rounds)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], timeout: 25_000 });
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit");
    let told = 0;
    for await (const line of createInterface(child.stdout)) {
      told += 1;
      expect(Number(line.split(" ")[1])).toBeLessThanOrEqual(10_000);
      if (name === "killed" && told === 10) child.kill("SIGKILL");
    }
    await ended;
    return told;
  };
  const told = await Promise.all([
    acknowledged("a", 25),
    acknowledged("b", 25),
    acknowledged("killed", 1_000),
  ]);
  expect(told.slice(0, 2)).toEqual([25, 25]);
  const sum = told.reduce((all, one) => all + one, 0);
  const { data, version } = (await sessions.get("t", "s"))!;
  // The killed one may have written once more than it was told of.
  expect([sum, sum + 1]).toContain(data["n"]);
  expect(version).toBe(Number(data["n"]) + 1);
  expect(await contexts.size("t", "s")).toBeLessThanOrEqual(10_000);
  const db = new DatabaseSync(file, { readOnly: true });
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  expect(db.prepare("SELECT size FROM held WHERE store = 'context'").get()).toEqual({
    size: await contexts.size("t", "s"),
  });
  db.close();
});
