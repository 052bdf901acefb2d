import type { ApprovalGrant, JsonObject, OptimizerError } from "@mcp-optimizer/contracts";
import { startRedis, type PrivateRedis } from "@mcp-optimizer/services";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, openEngine, type TestEngine } from "../open-engine.ts";
import { hostileTenants } from "./hostile-tenants.ts";
import { openMemoryStores, openRedisStores, openSqliteStores, type Stores } from "./open-stores.ts";

let redis: PrivateRedis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

const BACKENDS: readonly (readonly [name: string, open: () => Promise<Stores>])[] = [
  ["memory", openMemoryStores],
  ["SQLite", openSqliteStores],
  ["Redis", () => openRedisStores(redis.url)],
];
const POLICY = {
  effects: { "notes.read": "read", "notes.add": "write" },
  rules: [{ tool: "add", decide: "ask" }],
} as const;
const KEEP = `
  await session.set("k", params.secret);
  return [await notes.read({}), ...Array.from({ length: 3000 }, () => params.secret)];`;
const ADD = "return await notes.add({})";
/** What a program makes of what it should not reach. */
const PRY = `
  const tries = params.handles.flatMap((handle) => [
    () => vault.open(handle),
    () => vault.slice(handle, 0, 5),
    () => vault.select(handle, "$[0]"),
    () => vault.grep(handle, "secret"),
    () => show(handle),
  ]);
  const found = [];
  for (const attempt of tries) found.push(await attempt().then((value) => value ?? "shown", (error) => error.code));
  found.push((await session.get("k")) ?? "nothing", await notes.read({}));
  return found;`;

/** What a tenant has in an engine. */
interface Holder {
  readonly tenant: string;
  readonly secret: string;
  readonly runId: string;
  readonly session: string;
  readonly handles: string[];
  readonly approval: ApprovalGrant;
  /** What the server told it. */
  readonly read: string;
}

async function settle({ optimizer }: TestEngine, tenant: string, secret: string): Promise<Holder> {
  const report = await optimizer.run({ tenant, code: KEEP, params: { secret } });
  const { sessions } = await optimizer.sessions.list({ tenant });
  const { pending } = await call(optimizer, "run_code", { code: ADD }, { tenant });
  return {
    tenant,
    secret,
    runId: report.runId,
    session: sessions[0]!.id,
    handles: [report.handle!, report.calls[0]!.handle!],
    approval: {
      state: pending!.state,
      approved: true,
    },
    read: (report.value as string[])[0]!,
  };
}

/** All that a tenant may try with what it has learned of another's names. Answers as text. */
async function attack({ optimizer }: TestEngine, thief: Holder, victim: Holder): Promise<string[]> {
  const { tenant } = thief;
  const { runId, session, handles, approval } = victim;
  const served = async (args: JsonObject, options = {}): Promise<unknown> =>
    await call(optimizer, "run_code", args, { tenant, ...options });
  const asks: readonly (() => Promise<unknown>)[] = [
    () => optimizer.run({ tenant, code: PRY, params: { handles }, whole: true }),
    () => served({ run: runId }),
    () => optimizer.run({ tenant, code: KEEP, params: { secret: "mine" }, runId, whole: true }),
    () => optimizer.run({ tenant, code: ADD, runId, takeOver: true }),
    () => served({ code: 'return [await session.get("k"), await session.keys()]', session }),
    () => served({ code: ADD }, { approval }),
    () => served({ run: runId }, { approval }),
    () => served({ code: "return await session.keys()" }, { connection: session, session }),
    () => optimizer.runs.list({ tenant, limit: 100 }),
    () => optimizer.sessions.list({ tenant }),
    () => optimizer.sessions.get({ tenant }, session),
    () => optimizer.sessions.use({ tenant }, session),
    () => optimizer.sessions.update({ tenant }, session, { stolen: true }),
    () => optimizer.sessions.delete({ tenant }, session),
    () => optimizer.ledger!.summary({ tenant, session, runId }),
  ];
  const own = [
    () => optimizer.runs.show(runId, tenant),
    () => optimizer.runs.replay(runId, { tenant, whole: true }),
    () => optimizer.runs.planRevert(runId, { tenant }),
    () => optimizer.runs.revert(runId, { tenant, approved: runId }),
  ];
  const answers: string[] = [];
  for (const ask of [...own, ...asks]) {
    const answer = await ask().catch(({ code, message }: OptimizerError) => ({ code, message }));
    answers.push(JSON.stringify([answer]));
  }
  for (const refused of answers.slice(0, own.length)) expect(refused).toContain("not_found");
  return answers;
}

test.each(BACKENDS)(
  "whatever tenants are called, nothing of one reaches another through an engine on %s",
  async (_, open) => {
    const attacks = fc.asyncProperty(hostileTenants, async (tenants) => {
      await using stores = await open();
      let reads = 0;
      const engine = await openEngine({
        ...stores,
        policy: POLICY,
        servers: {
          notes: [
            { name: "read", answer: () => `read-${(reads += 1)}-` },
            { name: "add", answer: () => "added" },
          ],
        },
      });
      const holders: Holder[] = [];
      for (const [at, { tenant }] of tenants.slice(-3).entries()) {
        holders.push(await settle(engine, tenant, `secret-${at}-`));
      }
      // An answer that was kept for one is not another's.
      expect(new Set(holders.map(({ read }) => read)).size).toBe(holders.length);
      const [victim, ...thieves] = holders as [Holder, ...Holder[]];
      for (const thief of thieves) {
        const answers = await attack(engine, thief, victim);
        const strange = holders.filter((one) => one !== thief).flatMap(({ secret, read }) => [secret, read]);
        expect(answers.filter((text) => strange.some((one) => text.includes(one)))).toEqual([]);
      }
      expect(engine.reached.some((one) => one.includes("add"))).toBe(false);
      const { tenant, handles, session, secret, read, approval } = victim;
      const code = `return [(await vault.open("${handles[0]}"))[1], await session.get("k"), await notes.read({})]`;
      const kept = await call(engine.optimizer, "run_code", { code, session }, { tenant });
      expect(JSON.parse(kept.text)).toMatchObject({ value: [secret, secret, read] });
      const added = await call(engine.optimizer, "run_code", { code: ADD }, { tenant, approval });
      expect(JSON.parse(added.text)).toMatchObject({ value: "added" });
    });
    await fc.assert(attacks, { numRuns: 1, endOnFailure: true });
  },
);
