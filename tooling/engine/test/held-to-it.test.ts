import { OptimizerError } from "@mcp-optimizer/contracts";
import { createMemoryExecutionLog, defineIntent, systemClock } from "@mcp-optimizer/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { call, openEngine, type TestEngineOptions } from "./open-engine.ts";

const lost = (): never => {
  throw new OptimizerError("upstream_failed", { detail: "the reply was lost" });
};
const PAY_TWICE = `
  for (let i = 0; i < 3; i++) {
    try { return await shop.pay({}); } catch (error) { if (i === 2) return error.code; }
  }`;
const WRITES = { effects: { "shop.*": "write" as const } };

test("a write of unknown outcome stays refused, however often the program tries", async () => {
  let replies = 0;
  const { optimizer, reached } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => (replies++ === 0 ? lost() : "paid") }] },
    policy: WRITES,
  });
  const first = await optimizer.run({ code: PAY_TWICE });
  expect(first.value).toBe("outcome_unknown");
  const second = await optimizer.run({ code: PAY_TWICE, runId: first.runId });
  expect(second.value).toBe("outcome_unknown");
  expect(reached).toEqual(["shop.pay {}"]);
});

test("keyed writes at once whose replies were lost keep a key each", async () => {
  const booked = new Set<string>();
  let replies = 0;
  const definition = {
    inputSchema: { type: "object", properties: { idempotency_key: { type: "string" } } },
  };
  const { optimizer } = await openEngine({
    servers: {
      shop: [
        {
          name: "pay",
          definition,
          answer: ({ idempotency_key: key }) => {
            booked.add(key as string);
            return replies++ < 2 ? lost() : "paid";
          },
        },
      ],
    },
    policy: WRITES,
    resilience: { retries: 0 },
  });
  const code = `
    const pay = async () => { try { return await shop.pay({}); } catch { return await shop.pay({}); } };
    return await Promise.all([pay(), pay()]);`;
  expect((await optimizer.run({ code })).value).toEqual(["paid", "paid"]);
  expect(booked.size).toBe(2);
});

test("a log that cannot note how a write ended makes it doubtful", async () => {
  const log = createMemoryExecutionLog({ clock: systemClock });
  const { optimizer, reached } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => "paid" }] },
    policy: WRITES,
    executionLog: { ...log, settle: () => Promise.reject(new OptimizerError("store_unavailable")) },
  });
  await optimizer.run({ code: PAY_TWICE });
  expect(reached).toHaveLength(1);
});

test("what a session may not do, it may not do under an earlier run's id", async () => {
  const policy: TestEngineOptions["policy"] = {
    ...WRITES,
    rules: [{ decide: "deny", session: "guest*", tool: "pay" }],
  };
  const { optimizer, reached } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => "paid" }] },
    policy,
  });
  const code = "return await shop.pay({})";
  const { runId } = await optimizer.run({ code, session: "guest1" });
  const again = await call(optimizer, "run_code", { run: runId }, { session: "guest1" });
  expect(JSON.parse(again.text)).toMatchObject({ error: { code: "policy_denied" } });
  expect(reached).toEqual([]);
});

test("an answer that comes twice allows no more than was shown", async () => {
  let down = true;
  const { optimizer, reached } = await openEngine({
    servers: {
      shop: [
        { name: "pay", answer: () => "paid" },
        { name: "look", answer: () => (down ? lost() : "fine") },
      ],
    },
    policy: { effects: { "shop.look": "read", "shop.pay": "write" }, default: { write: "ask" } },
    resilience: { retries: 0 },
  });
  const code = `
    const fine = await shop.look({}).catch(() => "down");
    await shop.pay({});
    if (fine === "fine") await shop.pay({});
    return fine;`;
  const { pending } = await call(optimizer, "run_code", { code });
  const approval = { state: pending!.state, approved: true };
  expect((await call(optimizer, "run_code", { code }, { approval })).isError).toBe(false);
  down = false;
  const second = await call(optimizer, "run_code", { code }, { approval });
  expect(second.pending?.request.calls).toHaveLength(1);
  expect(reached.filter((line) => line.startsWith("shop.pay"))).toHaveLength(1);
});

test("a no says what had been done before", async () => {
  const { optimizer } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => ({ id: 7 }) }] },
    policy: { ...WRITES, default: { write: "ask" } },
  });
  const code = "const { id } = await shop.pay({}); return await shop.pay({ after: id });";
  const one = await call(optimizer, "run_code", { code });
  const two = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: one.pending!.state, approved: true } },
  );
  const no = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: two.pending!.state, approved: false } },
  );
  expect(no.text).toMatch(/^approval_rejected: .*Done before, by r_.*: shop\.pay/);
});

test("a server that is denied is not named before it has tools", async () => {
  const { optimizer } = await openEngine({
    servers: { secretlab: [], shop: [{ name: "pay", answer: () => 1 }] },
    policy: { rules: [{ decide: "deny", server: "secretlab" }] },
  });
  expect(JSON.stringify(optimizer.tools)).not.toContain("secretlab");
  const { text } = await call(optimizer, "run_code", { code: `return await tools.call("secretlab.x", {})` });
  expect(text).toContain("There is no tool `secretlab.x`");
});

const publish = defineIntent({
  name: "publish",
  description: "Publishes",
  input: z.object({ body: z.string() }),
  effect: "write",
  run: async ({ body }, { callTool }) => await callTool("web.post", { body }),
});

test("data flows are followed through functions with an effect of their own", async () => {
  const { optimizer, reached } = await openEngine({
    servers: {
      mail: [{ name: "inbox", answer: () => "secret" }],
      web: [{ name: "post", answer: () => "posted" }],
    },
    policy: {
      effects: { "mail.*": "read", "web.*": "write" },
      flows: [{ from: "mail", to: "web", decide: "deny" }],
    },
    intents: [publish],
  });
  const code = "return await intents.publish({ body: await mail.inbox({}) })";
  expect((await optimizer.run({ code })).error).toMatchObject({ code: "policy_denied" });
  expect(reached).toEqual(["mail.inbox {}"]);
});

test("a function whose last call was not sent is not done again as a whole", async () => {
  const both = defineIntent({
    name: "both",
    description: "Writes twice",
    input: z.object({}),
    run: async (_params, { callTool }) => {
      await callTool("shop.pay");
      return await callTool("shop.ship");
    },
  });
  const { optimizer, reached } = await openEngine({
    servers: {
      shop: [
        { name: "pay", answer: () => "paid" },
        {
          name: "ship",
          answer: () => {
            throw new OptimizerError("upstream_failed", { data: { notApplied: true } });
          },
        },
      ],
    },
    policy: WRITES,
    intents: [both],
  });
  const { error } = await optimizer.run({ code: "return await intents.both({})" });
  expect(error).toMatchObject({ code: "upstream_failed" });
  expect(reached.filter((line) => line.startsWith("shop.pay"))).toHaveLength(1);
});

test("an intent is asked about in the calls that it makes, once", async () => {
  const order = defineIntent({
    name: "order",
    description: "Orders",
    input: z.object({}),
    code: "return await shop.pay({})",
  });
  const { optimizer, reached } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => "paid" }] },
    policy: { ...WRITES, rules: [{ decide: "ask" }] },
    intents: [order],
  });
  const code = "return await intents.order({})";
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request.calls.map(({ tool }) => tool)).toEqual(["shop.pay"]);
  const done = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: pending!.state, approved: true } },
  );
  expect(JSON.parse(done.text)).toMatchObject({ value: "paid" });
  expect(reached).toEqual(["shop.pay {}"]);
});

test("a program that is part of a run shares its number of calls", async () => {
  const many = defineIntent({
    name: "many",
    description: "Calls much",
    input: z.object({}),
    code: "for (let i = 0; i < 20; i++) await shop.pay({ i }); return true",
  });
  const { optimizer, reached } = await openEngine({
    servers: { shop: [{ name: "pay", answer: () => "paid" }] },
    policy: WRITES,
    intents: [many],
  });
  const { error } = await optimizer.run({ code: "return await intents.many({})", limits: { calls: 3 } });
  expect(error).toMatchObject({ code: "call_limit" });
  expect(reached).toHaveLength(3);
});
