import type { CallIntent, LedgerEntry } from "@mcp-optimizer/contracts";
import type { HostileTenant } from "./hostile-tenants.ts";
import type { Stores } from "./open-stores.ts";

/** What a tenant has in all stores, and where it is. */
export interface Planted extends HostileTenant {
  /** In everything that it has, and in nothing of others. */
  readonly secret: string;
  readonly handle: string;
  /** Who holds its run. Guessed, for once. */
  readonly owner: string;
}

/** Something that one may ask of the stores. */
export type Ask = readonly [what: string, ask: () => Promise<unknown>];

const ROOM = { ttlMs: 60_000, limitBytes: 100_000 };

/** Gives a tenant something in each store. */
export async function plant(
  stores: Stores,
  { tenant, name }: HostileTenant,
  secret: string,
): Promise<Planted> {
  const { executionLog, vault, contextStore, sessionStore, runStatus, ledger, learnedTypes } = stores;
  const owner = `owner of ${secret}`;
  const entry: LedgerEntry = {
    tenant,
    session: name,
    runId: name,
    at: 1,
    part: "results",
    subject: secret,
    count: 1,
    tokens: 1,
    estimated: 0,
  };
  await executionLog.open({
    tenant,
    runId: name,
    session: name,
    owner,
    at: 1,
    leaseMs: 60_000,
    program: "p",
    source: {
      kind: "call",
      tool: "a.b",
      args: { secret },
    },
  });
  await executionLog.intend(tenant, name, owner, intentOf(secret));
  await executionLog.settle(tenant, name, owner, 0, { state: "applied", value: secret });
  await executionLog.intend(tenant, name, owner, intentOf(secret));
  const handle = await vault.put(tenant, { kind: "text", text: secret, sources: [secret] }, { digest: name });
  await contextStore.set({ tenant, session: name, namespace: name }, name, { secret }, ROOM);
  for (const store of [sessionStore, runStatus]) {
    await store.create({ tenant, id: name, principal: secret, data: { secret }, ttlMs: 60_000 });
  }
  await ledger.append([entry]);
  await ledger.setLists({ tenant, session: name, at: 1, amounts: [{ ...entry, part: "list" }] });
  await learnedTypes.update(tenant, name, name, () => ({
    server: name,
    tool: name,
    definition: secret,
    seen: 1,
    type: {},
  }));
  return { tenant, name, secret, handle, owner };
}

/** All that a tenant may look at under somebody's names. */
export function looks(stores: Stores, tenant: string, { name, handle }: Planted): Ask[] {
  const { executionLog, vault, contextStore, sessionStore, runStatus, ledger, learnedTypes } = stores;
  const scope = { tenant, session: name, namespace: name };
  return [
    ["log.read", () => executionLog.read(tenant, name)],
    ["log.list", () => executionLog.list(tenant)],
    ["log.list of a session", () => executionLog.list(tenant, { session: name, limit: 100 })],
    ["log.list from a place", () => executionLog.list(tenant, { cursor: "999999" })],
    ["vault.get", () => vault.get(tenant, handle)],
    ["vault.get by name", () => vault.get(tenant, name)],
    ["context.get", () => contextStore.get(scope, name)],
    ["context.keys", () => contextStore.keys(scope)],
    ["session.get", () => sessionStore.get(tenant, name)],
    ["session.list", () => sessionStore.list(tenant)],
    ["status.get", () => runStatus.get(tenant, name)],
    ["status.list", () => runStatus.list(tenant)],
    ["ledger.sum", () => ledger.sum({ tenant })],
    ["ledger.sum by run", () => ledger.sum({ tenant, session: name, runId: name, by: "run" })],
    ["ledger.sum by session", () => ledger.sum({ tenant, session: name, by: "session" })],
    ["types.list", () => learnedTypes.list(tenant)],
  ];
}

/** All that a tenant may do to what somebody has, under the names of that one. */
export function blows(stores: Stores, tenant: string, planted: Planted): Ask[] {
  const { executionLog, vault, contextStore, sessionStore, runStatus, ledger, learnedTypes } = stores;
  const { name, owner } = planted;
  const scope = { tenant, session: name, namespace: name };
  const failed = { state: "failed", error: { code: "tool_failed", message: "overwritten" } } as const;
  const intent = intentOf("overwritten");
  const types = { server: name, tool: name, definition: "overwritten", seen: 9, type: {} };
  return [
    ["log.intend", () => executionLog.intend(tenant, name, owner, intent)],
    ["log.settle", () => executionLog.settle(tenant, name, owner, 0, failed)],
    ["log.settle again", () => executionLog.settle(tenant, name, owner, 1, failed)],
    ["log.record", () => executionLog.record(tenant, name, owner, [{ ...intent, outcome: failed }])],
    ["log.close", () => executionLog.close(tenant, name, owner, { at: 9 })],
    ["log.open", () => executionLog.open(takingOver(tenant, name))],
    ["vault.put", () => vault.put(tenant, { kind: "text", text: "overwritten" }, { digest: name })],
    ["context.set", () => contextStore.set(scope, name, "overwritten", ROOM)],
    ["context.set at the limit", () => contextStore.set(scope, "k", 1, { ttlMs: 1, limitBytes: 10 })],
    ["context.delete", () => contextStore.delete(scope, name)],
    ["context.clear", () => contextStore.clear(tenant, name)],
    ["session.touch", () => sessionStore.touch(tenant, name)],
    ["session.update", () => sessionStore.update(tenant, name, 1, { overwritten: true })],
    ["session.delete", () => sessionStore.delete(tenant, name)],
    ["session.create", () => sessionStore.create(sessionOf(tenant, name))],
    ["status.delete", () => runStatus.delete(tenant, name)],
    ["ledger.setLists", () => ledger.setLists({ tenant, session: name, at: 9, amounts: [] })],
    ["types.update", () => learnedTypes.update(tenant, name, name, () => types)],
    ["types.forget", () => learnedTypes.forget(tenant)],
  ];
}

const takingOver = (tenant: string, runId: string) => ({
  tenant,
  runId,
  program: "p",
  at: 9,
  owner: "thief",
  leaseMs: 1,
  takeOver: true,
  source: {
    kind: "revert",
    runId,
  } as const,
});

const sessionOf = (tenant: string, id: string) => ({
  tenant,
  id,
  principal: "thief",
  data: {},
  ttlMs: 60_000,
});

const intentOf = (secret: string): CallIntent => ({
  key: "k",
  tool: "a.b",
  toolHash: "h",
  args: { secret },
  effect: "write",
  at: 1,
});
