import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createManualClock, LOG_INTENT as INTENT, LOG_START as START } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { createSqliteExecutionLog } from "../src/log/sqlite-execution-log.ts";
import { openDatabase } from "../src/open-database.ts";
import { stateFolder } from "./state-folder.ts";

const open = (file: string) => createSqliteExecutionLog({ file, clock: createManualClock() });
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const withDatabase = (file: string, statements: string): void => {
  const db = new DatabaseSync(file);
  db.exec(statements);
  db.close();
};

test("the folder and its files are for their user alone", async () => {
  const folder = join(stateFolder(), "a", "b");
  await using log = await open(join(folder, "state.db"));
  await log.open(START);
  expect(mode(folder)).toBe("700");
  expect(mode(join(folder, ".."))).toBe("700");
  const files = readdirSync(folder).toSorted();
  expect(files).toEqual(["state.db", "state.db-shm", "state.db-wal"]);
  expect(files.map((name) => mode(join(folder, name)))).toEqual(["600", "600", "600"]);
});

test.each<[string, (file: string) => void, RegExp]>([
  ["no database", (file) => writeFileSync(file, "my notes, kept for years ".repeat(40)), /no database/],
  [
    "a database of another program",
    (file) => withDatabase(file, "CREATE TABLE notes (text)"),
    /of another program/,
  ],
  [
    "one that another program has marked",
    (file) => withDatabase(file, "PRAGMA application_id = 7"),
    /of another program/,
  ],
])("%s is refused, and stays as it is", async (_, make, message) => {
  const file = join(stateFolder(), "state.db");
  make(file);
  const before = readFileSync(file);
  await expect(open(file)).rejects.toMatchObject({
    code: "store_unavailable",
    status: 503,
    message: expect.stringMatching(message) as string,
  });
  await expect(open(file)).rejects.toThrow(file);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a file of a newer version is refused, and stays as it is", async () => {
  const file = join(stateFolder(), "state.db");
  const log = await open(file);
  await log.open(START);
  await log.dispose();
  withDatabase(file, "PRAGMA user_version = 99");
  const before = readFileSync(file);
  await expect(open(file)).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("newer version") as string,
  });
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("a file that is damaged inside is named when it is read", async () => {
  const file = join(stateFolder(), "state.db");
  const log = await open(file);
  for (let i = 0; i < 50; i++) {
    await log.open({ ...START, runId: `r${i}` });
    await log.intend("t", `r${i}`, "o", { ...INTENT, args: { text: "x".repeat(2_000) } });
  }
  await log.dispose();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4_096);
  writeFileSync(file, bytes);
  const reading = (async () => {
    await using broken = await open(file);
    await broken.list("t");
  })();
  await expect(reading).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("damaged") as string,
  });
});

test("a place where no file can be is named", async () => {
  const folder = stateFolder();
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "state.db"));
  for (const file of [join(folder, "file", "state.db"), join(folder, "state.db"), "/proc/none/state.db"]) {
    await expect(open(file)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(file) as string,
    });
  }
});

test("a file that may not be written is named, by a user whom permissions bind", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip("needs root, to become a user who may not write");
  const folder = stateFolder();
  const file = join(folder, "state.db");
  const log = await open(file);
  await log.dispose();
  chmodSync(folder, 0o755);
  chmodSync(file, 0o444);
  const script = `
    const { createSqliteExecutionLog } = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)});
    try { await createSqliteExecutionLog({ file: ${JSON.stringify(file)}, clock: Date }); console.log("opened"); }
    catch (error) { console.log(error.code, error.message); }`;
  const args = ["--conditions=@mcp-optimizer/source", "--input-type=module", "-e", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    uid: 65_534,
    gid: 65_534,
    cwd: "/",
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(stderr + stdout).toMatch(/^store_unavailable .*state\.db: it cannot be (written|opened)/);
  expect(existsSync(`${file}-wal`)).toBe(false);
});

test("a change that fails leaves nothing of itself", async () => {
  const database = await openDatabase(join(stateFolder(), "state.db"));
  const half = database.write("process", (sql) => {
    sql("INSERT INTO runs VALUES (1, 't', 'r', 'p', 0, 0, 0, NULL, 0, 0, NULL, '{}')").run();
    sql("INSERT INTO calls VALUES (2, 0, 'o', 'read', 'intended', '{}', NULL)").run();
  });
  await expect(half).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await database.read((sql) => sql("SELECT count(*) AS runs FROM runs").get())).toEqual({ runs: 0 });
  database.dispose();
});
