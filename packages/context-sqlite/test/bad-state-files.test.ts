import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ContextStore, ResponseCache, ResultVault, SessionStore } from "@mcp-optimizer/contracts";
import { createManualClock } from "@mcp-optimizer/testkit";
import { describe, expect, test } from "vitest";
import { createSqliteResponseCache } from "../src/cache/sqlite-response-cache.ts";
import { createSqliteContextStore } from "../src/context/sqlite-context-store.ts";
import { createSqliteSessionStore } from "../src/sessions/sqlite-session-store.ts";
import { createSqliteResultVault } from "../src/vault/sqlite-result-vault.ts";
import { stateFolder } from "./state-folder.ts";

const clock = createManualClock();
const text = "x".repeat(3_000);
const scope = { tenant: "t", session: "s", namespace: "n" };

/** A store of each kind, with what writes to it and what reads it all. */
interface Kind {
  readonly name: string;
  readonly open: (file: string) => Promise<AsyncDisposable>;
  readonly write: (store: AsyncDisposable, n: number) => Promise<unknown>;
  readonly read: (store: AsyncDisposable) => Promise<unknown>;
}

const kind = <T>(
  name: string,
  open: (file: string) => Promise<T & AsyncDisposable>,
  write: (store: T, n: number) => Promise<unknown>,
  read: (store: T) => Promise<unknown>,
): Kind => ({ name, open, write: (store, n) => write(store as T, n), read: (store) => read(store as T) });

const KINDS = [
  kind<ContextStore>(
    "createSqliteContextStore",
    (file) => createSqliteContextStore({ file, clock }),
    (store, n) => store.set(scope, `k${n}`, text, { ttlMs: 60_000, limitBytes: 1e9 }),
    async (store) => Promise.all((await store.keys(scope)).map((key) => store.get(scope, key))),
  ),
  kind<SessionStore>(
    "createSqliteSessionStore",
    (file) => createSqliteSessionStore({ file, clock, name: "n" }),
    (store, n) => store.create({ tenant: "t", id: `s${n}`, principal: "p", data: { text }, ttlMs: 60_000 }),
    (store) => store.list("t", { limit: 100 }),
  ),
  kind<ResultVault>(
    "createSqliteResultVault",
    (file) => createSqliteResultVault({ file, clock, randomId: () => String(Math.random()) }),
    (store) => store.put("t", { kind: "text", text }),
    (store) => store.put("t", { kind: "text", text }),
  ),
  kind<ResponseCache>(
    "createSqliteResponseCache",
    (file) => createSqliteResponseCache({ file, clock }),
    (store, n) => store.put(`k${n}`, text, 60_000),
    async (store) => [await store.get("k1"), await store.generations(["a"])],
  ),
];

const unavailable = (words: string) => ({
  code: "store_unavailable",
  status: 503,
  message: expect.stringContaining(words) as string,
});

describe.each(KINDS)("$name", ({ open, write, read }) => {
  const filled = async (): Promise<string> => {
    const file = join(stateFolder(), "state.db");
    await using store = await open(file);
    for (let n = 0; n < 30; n++) await write(store, n);
    await read(store);
    return file;
  };

  test("refuses what is no database, and one of a newer version, and leaves both as they are", async () => {
    const file = await filled();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    const newer = readFileSync(file);
    await expect(open(file)).rejects.toMatchObject(unavailable("newer version"));
    expect(readFileSync(file).equals(newer)).toBe(true);
    const notes = Buffer.from("my notes, kept for years ".repeat(400));
    writeFileSync(file, notes);
    await expect(open(file)).rejects.toMatchObject(unavailable("no database"));
    expect(readFileSync(file).equals(notes)).toBe(true);
  });

  test("says of a file that is damaged inside that it is, and makes nothing up", async () => {
    const file = await filled();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096);
    writeFileSync(file, bytes);
    const reading = (async () => {
      await using store = await open(file);
      await read(store);
    })();
    await expect(reading).rejects.toMatchObject(unavailable("damaged"));
  });
});

test("a file that may not be written is named, and stays as it is", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("needs root, to become a user who may not write");
  const file = join(stateFolder(), "state.db");
  for (const { open } of KINDS) await (await open(file))[Symbol.asyncDispose]();
  const before = readFileSync(file);
  chmodSync(join(file, ".."), 0o755);
  chmodSync(file, 0o444);
  const options = `{ file: ${JSON.stringify(file)}, clock: Date, name: "n", randomId: () => "1" }`;
  const script = `
    const all = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)});
    for (const name of ${JSON.stringify(KINDS.map(({ name }) => name))}) {
      try { await all[name](${options}); console.log("opened"); }
      catch (error) { console.log(error.code, error.message); }
    }`;
  const args = ["--conditions=@mcp-optimizer/source", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    uid: 65_534,
    gid: 65_534,
    cwd: "/",
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(stderr + stdout).toMatch(/^(store_unavailable .*state\.db: it cannot be (written|opened)\n){4}$/);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a file of the version before is taken along, with all that is in it", async () => {
  const file = join(stateFolder(), "state.db");
  const { MIGRATIONS } = await import("../src/migrations.ts");
  const db = new DatabaseSync(file);
  for (const step of MIGRATIONS.slice(0, 3)) db.exec(step);
  db.exec("PRAGMA application_id = 0x4d43506f; PRAGMA user_version = 3");
  db.exec(`INSERT INTO learned_types VALUES ('"t"', '"a"', '"b"', 'd', 1, 'null', 1)`);
  db.close();
  await using store = await createSqliteContextStore({ file, clock });
  await store.set(scope, "k", 1, { ttlMs: 60_000, limitBytes: 1_000 });
  const { createSqliteLearnedTypeStore } = await import("../src/types/sqlite-learned-type-store.ts");
  await using types = await createSqliteLearnedTypeStore({ file });
  expect(await types.list("t")).toHaveLength(1);
});
