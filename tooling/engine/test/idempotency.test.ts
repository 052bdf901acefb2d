import { OptimizerError } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { openEngine, type TestEngineOptions } from "./open-engine.ts";

const definition = {
  inputSchema: {
    type: "object",
    properties: { amount: { type: "number" }, idempotency_key: { type: "string" } },
    required: ["amount"],
  },
};

/** A bank that books each key once, and loses the replies that it is told to lose. */
function bank(lost: boolean[]): { servers: TestEngineOptions["servers"]; booked: Map<string, number> } {
  const booked = new Map<string, number>();
  return {
    booked,
    servers: {
      bank: [
        {
          name: "pay",
          definition,
          answer: ({ amount, idempotency_key: key }) => {
            booked.set(key as string, amount as number);
            if (lost.shift() === true)
              throw new OptimizerError("upstream_failed", { detail: "the reply was lost" });
            return { paid: amount! };
          },
        },
      ],
    },
  };
}
const POLICY = { effects: { "bank.pay": "write" as const } };
const CODE = "return await bank.pay({ amount: 5 })";

test("a payment whose reply was lost is sent again at once, under the same key", async () => {
  const { servers, booked } = bank([true, true]);
  const { optimizer, reached } = await openEngine({ servers, policy: POLICY });
  expect((await optimizer.run({ code: CODE })).value).toEqual({ paid: 5 });
  expect(reached).toHaveLength(3);
  expect(booked.size).toBe(1);
});

test("so it is in a later attempt", async () => {
  const { servers, booked } = bank([true]);
  const { optimizer, reached } = await openEngine({ servers, policy: POLICY, resilience: { retries: 0 } });
  const lost = await optimizer.run({ code: CODE });
  expect(lost.error).toMatchObject({ code: "upstream_failed" });
  const again = await optimizer.run({ code: CODE, runId: lost.runId });
  expect(again.value).toEqual({ paid: 5 });
  expect(reached).toHaveLength(2);
  expect(booked.size).toBe(1);
  const third = await optimizer.run({ code: CODE, runId: lost.runId });
  expect(third.value).toEqual({ paid: 5 });
  expect(reached).toHaveLength(2);
});

test("and when the program itself tries again", async () => {
  const { servers, booked } = bank([true]);
  const { optimizer } = await openEngine({ servers, policy: POLICY, resilience: { retries: 0 } });
  const code = `
    try { return await bank.pay({ amount: 5 }); } catch { return await bank.pay({ amount: 5 }); }`;
  expect((await optimizer.run({ code })).value).toEqual({ paid: 5 });
  expect(booked.size).toBe(1);
});

test("payments that are meant twice have two keys, and a program's own key stays", async () => {
  const { servers, booked } = bank([]);
  const { optimizer } = await openEngine({ servers, policy: POLICY });
  const code = `
    await Promise.all([bank.pay({ amount: 5 }), bank.pay({ amount: 5 })]);
    await bank.pay({ amount: 6, idempotency_key: "mine" });
    return true;`;
  expect((await optimizer.run({ code })).value).toBe(true);
  expect(booked.size).toBe(3);
  expect(booked.get("mine")).toBe(6);
});

test("without a key a write of unknown outcome is not sent again", async () => {
  const { optimizer, reached } = await openEngine({
    servers: {
      bank: [{ name: "pay", answer: () => Promise.reject(new OptimizerError("upstream_failed")) }],
    },
    policy: POLICY,
  });
  const lost = await optimizer.run({ code: CODE });
  const again = await optimizer.run({ code: CODE, runId: lost.runId });
  expect(again.error).toMatchObject({ code: "outcome_unknown" });
  expect(reached).toHaveLength(1);
});
