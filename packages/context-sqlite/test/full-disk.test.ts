import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createManualClock } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createSqliteContextStore } from "../src/context/sqlite-context-store.ts";
import { createSqliteSessionStore } from "../src/sessions/sqlite-session-store.ts";
import { createSqliteResultVault } from "../src/vault/sqlite-result-vault.ts";
import { stateFolder } from "./state-folder.ts";

/** A folder on a disk of its own, that is small. Undefined where none can be mounted. */
function smallDisk(kilobytes: number): string | undefined {
  const folder = stateFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync("umount", ["--lazy", folder], { stdio: "ignore" }));
  return folder;
}

test("on a full disk nothing that was acknowledged is lost, and all goes on when there is room", async ({
  skip,
}) => {
  const folder = smallDisk(1_700);
  if (folder === undefined) skip("needs root that may mount a tmpfs");
  const clock = createManualClock();
  const file = join(folder!, "state.db");
  const ballast = join(folder!, "ballast");
  writeFileSync(ballast, Buffer.alloc(600_000));
  let ids = 0;
  await using context = await createSqliteContextStore({ file, clock });
  await using sessions = await createSqliteSessionStore({ file, clock, name: "sessions" });
  await using vault = await createSqliteResultVault({ file, clock, randomId: () => `${(ids += 1)}` });
  const scope = { tenant: "t", session: "s", namespace: "n" };
  const full = { code: "store_unavailable", message: expect.stringContaining("the disk is full") as string };
  const text = "x".repeat(20_000);
  const write = async (n: number): Promise<void> => {
    await context.set(scope, `k${n}`, text, { ttlMs: 60_000, limitBytes: 100_000_000 });
    await sessions.create({ tenant: "t", id: `s${n}`, principal: "p", data: { text }, ttlMs: 60_000 });
  };
  let done = 0;
  const refused = await (async () => {
    for (; done < 100; done++) await write(done);
  })().catch((error: unknown) => error);
  expect(refused).toMatchObject(full);
  expect(done).toBeGreaterThan(0);
  // A large result fails in one of its later parts. What was written of it may need room to be removed: it goes with its time, at the latest.
  await expect(vault.put("t", { kind: "text", text: text.repeat(100) })).rejects.toMatchObject(full);
  for (let n = 0; n < done; n++) expect(await sessions.get("t", `s${n}`)).toMatchObject({ version: 1 });
  rmSync(ballast);
  await write(1_000);
  for (let n = 0; n < done; n++) expect(await context.get(scope, `k${n}`)).toBe(text);
  const handle = await vault.put("t", { kind: "text", text });
  expect(await vault.get("t", handle)).toMatchObject({ text });
  clock.advance(600_000);
  await vault.put("t", { kind: "text", text });
  const db = new DatabaseSync(file, { readOnly: true });
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  expect(db.prepare("SELECT count(*) AS left FROM vault_entries WHERE whole = 0").get()).toEqual({ left: 0 });
  db.close();
});
