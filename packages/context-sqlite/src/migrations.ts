/**
 * What makes the tables, step by step; a file's `user_version` counts the steps that it has seen. A published step is never changed:
 * a later one mends it.
 */
export const MIGRATIONS: readonly string[] = [
  // Names of tenants and runs stand as JSON texts: SQLite would take two different broken surrogates for one.
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY,
     tenant TEXT NOT NULL,
     run_id TEXT NOT NULL,
     program TEXT NOT NULL,
     at INTEGER NOT NULL,
     used INTEGER NOT NULL,
     size INTEGER NOT NULL,
     owner TEXT,
     lease_ms INTEGER NOT NULL,
     held_until INTEGER NOT NULL,
     ended TEXT,
     source TEXT NOT NULL,
     UNIQUE (tenant, run_id)
   ) STRICT;
   CREATE INDEX runs_by_use ON runs (used, size);
   CREATE INDEX runs_of_tenant ON runs (tenant, used);
   CREATE TABLE calls (
     run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     place INTEGER NOT NULL,
     owner TEXT NOT NULL,
     effect TEXT NOT NULL,
     state TEXT NOT NULL,
     intent TEXT NOT NULL,
     outcome TEXT,
     PRIMARY KEY (run, place)
   ) STRICT;`,
  // A folded entry is the sum of a day. Subjects stand as JSON texts, too.
  `CREATE TABLE ledger (
     id INTEGER PRIMARY KEY,
     tenant TEXT NOT NULL,
     session TEXT,
     run TEXT,
     day INTEGER NOT NULL,
     first INTEGER NOT NULL,
     last INTEGER NOT NULL,
     part TEXT NOT NULL,
     subject TEXT NOT NULL,
     count INTEGER NOT NULL,
     tokens INTEGER NOT NULL,
     estimated INTEGER NOT NULL,
     folded INTEGER NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX ledger_days ON ledger (tenant, day, part, subject) WHERE folded = 1;
   CREATE INDEX ledger_sessions ON ledger (tenant, session) WHERE session IS NOT NULL;
   CREATE INDEX ledger_age ON ledger (folded, last);`,
  `CREATE TABLE learned_types (
     tenant TEXT NOT NULL,
     server TEXT NOT NULL,
     tool TEXT NOT NULL,
     definition TEXT NOT NULL,
     seen INTEGER NOT NULL,
     type TEXT NOT NULL,
     changed INTEGER NOT NULL,
     PRIMARY KEY (tenant, server, tool)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX learned_types_age ON learned_types (changed);`,
];
