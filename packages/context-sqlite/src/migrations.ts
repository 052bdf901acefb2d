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
  `ALTER TABLE runs ADD COLUMN session TEXT;
   CREATE INDEX runs_of_session ON runs (tenant, session, used) WHERE session IS NOT NULL;`,
  // What each tenant has in a store; triggers keep it. Names of stores, sessions, keys and people stand as JSON texts, too. The id of a result is
  // no other's later: who reads its parts one by one must not come upon another tenant's. Parts of results that are gone go bit by bit.
  `CREATE TABLE held (
     store TEXT NOT NULL,
     tenant TEXT NOT NULL,
     entries INTEGER NOT NULL,
     size INTEGER NOT NULL,
     PRIMARY KEY (store, tenant)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX held_most ON held (store, size);
   CREATE TRIGGER held_none AFTER UPDATE ON held WHEN new.entries = 0
     BEGIN DELETE FROM held WHERE store = new.store AND tenant = new.tenant; END;
   CREATE TABLE context_values (
     id INTEGER PRIMARY KEY,
     tenant TEXT NOT NULL,
     session TEXT NOT NULL,
     namespace TEXT NOT NULL,
     key TEXT NOT NULL,
     value TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     expires INTEGER NOT NULL,
     used INTEGER NOT NULL,
     UNIQUE (tenant, session, namespace, key)
   ) STRICT;
   CREATE INDEX context_use ON context_values (used);
   CREATE INDEX context_sessions ON context_values (tenant, session, used, bytes, expires);
   CREATE INDEX context_tenants ON context_values (tenant, used);
   CREATE INDEX context_expiry ON context_values (expires);
   CREATE TRIGGER context_added AFTER INSERT ON context_values BEGIN
     INSERT INTO held VALUES ('context', new.tenant, 1, new.bytes)
       ON CONFLICT DO UPDATE SET entries = entries + 1, size = size + new.bytes;
   END;
   CREATE TRIGGER context_removed AFTER DELETE ON context_values BEGIN
     UPDATE held SET entries = entries - 1, size = size - old.bytes
       WHERE store = 'context' AND tenant = old.tenant;
   END;
   CREATE TABLE sessions (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     store TEXT NOT NULL,
     tenant TEXT NOT NULL,
     id TEXT NOT NULL,
     principal TEXT NOT NULL,
     data TEXT NOT NULL,
     version INTEGER NOT NULL,
     created INTEGER NOT NULL,
     expires INTEGER NOT NULL,
     ttl_ms INTEGER NOT NULL,
     UNIQUE (store, tenant, id)
   ) STRICT;
   CREATE INDEX sessions_of_tenant ON sessions (store, tenant, place);
   CREATE INDEX sessions_expiry ON sessions (store, expires);
   CREATE TRIGGER session_added AFTER INSERT ON sessions BEGIN
     INSERT INTO held VALUES (new.store, new.tenant, 1, octet_length(new.data))
       ON CONFLICT DO UPDATE SET entries = entries + 1, size = size + octet_length(new.data);
   END;
   CREATE TRIGGER session_changed AFTER UPDATE OF data ON sessions BEGIN
     UPDATE held SET size = size + octet_length(new.data) - octet_length(old.data)
       WHERE store = new.store AND tenant = new.tenant;
   END;
   CREATE TRIGGER session_removed AFTER DELETE ON sessions BEGIN
     UPDATE held SET entries = entries - 1, size = size - octet_length(old.data)
       WHERE store = old.store AND tenant = old.tenant;
   END;
   CREATE TABLE vault_entries (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant TEXT NOT NULL,
     handle TEXT NOT NULL UNIQUE,
     digest TEXT,
     kind TEXT NOT NULL,
     mime_type TEXT,
     sources TEXT NOT NULL,
     size INTEGER NOT NULL,
     expires INTEGER NOT NULL,
     used INTEGER NOT NULL,
     whole INTEGER NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX vault_digests ON vault_entries (tenant, digest) WHERE digest IS NOT NULL AND whole = 1;
   CREATE INDEX vault_use ON vault_entries (used);
   CREATE INDEX vault_tenants ON vault_entries (tenant, used);
   CREATE INDEX vault_expiry ON vault_entries (expires);
   CREATE TABLE vault_parts (
     entry INTEGER NOT NULL,
     place INTEGER NOT NULL,
     utf16 INTEGER NOT NULL,
     bytes BLOB NOT NULL,
     PRIMARY KEY (entry, place)
   ) STRICT;
   CREATE TABLE vault_doomed (entry INTEGER PRIMARY KEY) STRICT;
   CREATE TRIGGER vault_added AFTER INSERT ON vault_entries BEGIN
     INSERT INTO held VALUES ('vault', new.tenant, 1, new.size)
       ON CONFLICT DO UPDATE SET entries = entries + 1, size = size + new.size;
   END;
   CREATE TRIGGER vault_removed AFTER DELETE ON vault_entries BEGIN
     UPDATE held SET entries = entries - 1, size = size - old.size
       WHERE store = 'vault' AND tenant = old.tenant;
     INSERT INTO vault_doomed VALUES (old.id);
   END;`,
  // Texts stand under the SHA-256 of their key, generations and holds under servers' names as JSON texts.
  `CREATE TABLE cache_texts (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     utf16 INTEGER NOT NULL,
     bytes BLOB NOT NULL,
     size INTEGER NOT NULL,
     expires INTEGER NOT NULL,
     used INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX cache_use ON cache_texts (used);
   CREATE INDEX cache_expiry ON cache_texts (expires);
   CREATE TRIGGER cache_added AFTER INSERT ON cache_texts BEGIN
     INSERT INTO held VALUES ('cache', '', 1, new.size)
       ON CONFLICT DO UPDATE SET entries = entries + 1, size = size + new.size;
   END;
   CREATE TRIGGER cache_removed AFTER DELETE ON cache_texts BEGIN
     UPDATE held SET entries = entries - 1, size = size - old.size WHERE store = 'cache' AND tenant = '';
   END;
   CREATE TABLE cache_servers (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     server TEXT NOT NULL UNIQUE,
     generation TEXT NOT NULL
   ) STRICT;
   CREATE TABLE cache_holds (
     server TEXT NOT NULL,
     holder TEXT NOT NULL,
     until INTEGER NOT NULL,
     PRIMARY KEY (server, holder)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX cache_holds_end ON cache_holds (until);`,
];
