import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { MIGRATIONS } from "./migrations.ts";
import { isBusy, storeFault } from "./store-fault.ts";

/** `power`: what is written outlasts a power cut. `process`: it outlasts the end of this process, however it ends. */
export type Durability = "power" | "process";

/** The statement of a text, prepared once. */
export type Statements = (text: string) => StatementSync;

/** An open state file. Other processes may have it open too. */
export interface Database {
  /** Reads one state of the file. */
  read<T>(work: (sql: Statements) => T): Promise<T>;
  /** Does all of a change, or nothing of it; no other process writes meanwhile. */
  write<T>(durability: Durability, work: (sql: Statements) => T): Promise<T>;
  dispose(): void;
}

/** Marks our files: "MCPo". */
const APPLICATION_ID = 0x4d43506f;
/** SQLite waits so long by itself, and nothing else happens in the process meanwhile. */
const BUSY_MS = 20;
const PAUSE_MS = 10;
const ATTEMPTS = 400;

/**
 * Opens a state file, and makes it with its folder where there is none, for its user's eyes only. A file that is damaged, of another program, of
 * a newer version or not writable rejects with `store_unavailable` and stays as it is.
 */
export async function openDatabase(file: string): Promise<Database> {
  let db: DatabaseSync | undefined;
  try {
    createFile(file);
    db = new DatabaseSync(file, { timeout: BUSY_MS });
    const opened = db;
    await patiently(() => stepsDone(opened, file));
    await patiently(() => opened.exec("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864"));
    await patiently(() => transaction(opened, "IMMEDIATE", () => migrate(opened, file)));
    return asDatabase(opened);
  } catch (cause) {
    db?.close();
    throw storeFault(cause, file);
  }
}

function createFile(file: string): void {
  try {
    createFolder(dirname(file));
    // SQLite gives its other files the permissions of this one. One that exists is not opened here: to close it would drop SQLite's locks.
    closeSync(openSync(file, "wx", 0o600));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "EISDIR") return;
    throw new OptimizerError("store_unavailable", { detail: `${file}: it cannot be made (${code})`, cause });
  }
}

/** `mkdir` with `recursive` never ends where a folder cannot be made and says ENOENT, as in /proc. */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was first.
    if (!existsSync(folder)) throw error;
  }
}

/** How many migrations a file has seen. Throws for a file that is not ours, or from a later version. */
function stepsDone(db: DatabaseSync, file: string): number {
  const number = (text: string): number => Number(Object.values(db.prepare(text).get()!)[0]);
  const refuse = (why: string): never => {
    throw new OptimizerError("store_unavailable", { detail: `${file}: ${why}` });
  };
  const steps = number("PRAGMA user_version");
  const application = number("PRAGMA application_id");
  const empty = steps === 0 && application === 0 && number("SELECT count(*) FROM sqlite_schema") === 0;
  if (!empty && application !== APPLICATION_ID) refuse("it is a database of another program");
  if (steps > MIGRATIONS.length) refuse("a newer version of MCP Optimizer has written it");
  return steps;
}

function migrate(db: DatabaseSync, file: string): void {
  const done = stepsDone(db, file);
  for (const step of MIGRATIONS.slice(done)) db.exec(step);
  if (done === MIGRATIONS.length) return;
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
}

function asDatabase(db: DatabaseSync): Database {
  const prepared = new Map<string, StatementSync>();
  const statements: Statements = (text) => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const statement = db.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  let synchronous: Durability | undefined;
  const settle = async <T>(work: () => T): Promise<T> => {
    try {
      return await patiently(work);
    } catch (cause) {
      throw storeFault(cause);
    }
  };
  return {
    read: (work) => settle(() => transaction(db, "DEFERRED", () => work(statements))),
    write: (durability, work) =>
      settle(() => {
        if (synchronous !== durability) {
          db.exec(`PRAGMA synchronous = ${durability === "power" ? "FULL" : "NORMAL"}`);
          synchronous = durability;
        }
        return transaction(db, "IMMEDIATE", () => work(statements));
      }),
    dispose() {
      if (!db.isOpen) return;
      prepared.clear();
      db.close();
    },
  };
}

function transaction<T>(db: DatabaseSync, kind: "DEFERRED" | "IMMEDIATE", work: () => T): T {
  db.exec(`BEGIN ${kind}`);
  try {
    const value = work();
    db.exec("COMMIT");
    return value;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Tries again while another process writes, some twelve seconds at most; between attempts, other work of this process goes on. */
async function patiently<T>(work: () => T): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS);
    }
  }
}
