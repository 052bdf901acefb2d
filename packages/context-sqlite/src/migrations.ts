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
];
