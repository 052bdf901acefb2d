import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRecord } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import { createSessionArchive } from "../../src/sessions/session-archive.ts";

const clock = createManualClock();
const session = (id: string, tenant = "t"): SessionRecord => ({
  tenant,
  id,
  principal: "p",
  data: {},
  version: 1,
  createdAt: 1,
  expiresAt: 2,
  ttlMs: 1,
});

async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("whatever a session is called, its file is one of the folder, and the user's alone", async () => {
  const folder = join(await folderOfTest(), "made", "here");
  const archive = createSessionArchive({ folder, executionLog: createMemoryExecutionLog({ clock }), clock });
  const ids = ["../../a", "a/b", "/a", "..", "\u0000", "x".repeat(256), "CON", "a_b", "A_B"];
  for (const id of ids) await archive(session(id), "deleted");
  await archive(session("a_b", "other"), "expired");
  const files = await readdir(folder);
  expect(files).toHaveLength(ids.length + 1);
  for (const file of files) {
    expect(file).toMatch(/^[\w-]{1,96}\.jsonl$/);
    expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  }
});

test("a file that cannot be written whole is not there", async () => {
  const folder = await folderOfTest();
  const away = new Error("away");
  const executionLog = { list: () => Promise.reject(away), read: () => Promise.reject(away) };
  const archive = createSessionArchive({ folder, executionLog, clock });
  await expect(archive(session("a"), "deleted")).rejects.toBe(away);
  expect(await readdir(folder)).toEqual([]);
});
