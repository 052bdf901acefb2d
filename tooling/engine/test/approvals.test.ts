import { expect, test } from "vitest";
import { call, openEngine, type TestEngineOptions } from "./open-engine.ts";

const SERVERS: TestEngineOptions["servers"] = {
  shop: [
    { name: "list", answer: () => ["a", "b"] },
    { name: "buy", answer: ({ item }) => ({ bought: item ?? null }) },
    { name: "note", answer: () => "noted" },
    { name: "fail", answer: () => Promise.reject(new Error("no")) },
  ],
};
const POLICY: TestEngineOptions["policy"] = {
  effects: { "shop.list": "read", "shop.*": "write" },
  rules: [
    { decide: "ask", tool: "buy" },
    { decide: "deny", tool: "fail" },
  ],
};
const open = (more: Partial<TestEngineOptions> = {}): ReturnType<typeof openEngine> =>
  openEngine({ servers: SERVERS, policy: POLICY, ...more });

const BUY_ALL = `
  const bought = [];
  for (const item of await shop.list({})) bought.push(await shop.buy({ item }));
  await shop.note({ n: bought.length });
  return bought;`;

test("one request lists the whole plan, and nothing is written before it is approved", async () => {
  const { optimizer, reached } = await open();
  const { pending, text, isError } = await call(optimizer, "run_code", { code: BUY_ALL });
  expect(isError).toBe(true);
  expect(text).toContain("approval_required");
  expect(text).toContain('shop.buy({\\"item\\":\\"a\\"})');
  expect(pending?.request.complete).toBe(true);
  expect(pending?.request.calls.map(({ tool, args, asked }) => [tool, args, asked])).toEqual([
    ["shop.buy", { item: "a" }, true],
    ["shop.buy", { item: "b" }, true],
    ["shop.note", { n: 2 }, false],
  ]);
  expect(reached).toEqual(["shop.list {}"]);

  const { state } = pending!;
  const done = await call(optimizer, "run_code", { code: BUY_ALL }, { approval: { state, approved: true } });
  expect(done).toMatchObject({ isError: false, pending: undefined });
  expect(JSON.parse(done.text)).toMatchObject({ value: [{ bought: "a" }, { bought: "b" }] });
  expect(reached).toEqual([
    "shop.list {}",
    'shop.buy {"item":"a"}',
    'shop.buy {"item":"b"}',
    'shop.note {"n":2}',
  ]);
});

test("an answer that is used again repeats no write", async () => {
  const { optimizer, reached } = await open();
  const { pending } = await call(optimizer, "run_code", { code: BUY_ALL });
  const approval = { state: pending!.state, approved: true };
  const first = await call(optimizer, "run_code", { code: BUY_ALL }, { approval });
  const count = reached.length;
  const second = await call(optimizer, "run_code", { code: BUY_ALL }, { approval });
  expect(JSON.parse(second.text)).toMatchObject({ value: JSON.parse(first.text).value });
  expect(reached).toHaveLength(count);
});

test("a write whose arguments were not shown is asked about again", async () => {
  const { optimizer, reached } = await open();
  const code = `
    const first = await shop.buy({ item: "a" });
    return await shop.buy({ item: "after " + first.bought });`;
  const one = await call(optimizer, "run_code", { code });
  expect(one.pending?.request.calls.map(({ args }) => args)).toEqual([
    { item: "a" },
    { item: "after undefined" },
  ]);
  const two = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: one.pending!.state, approved: true } },
  );
  expect(two.pending?.request.runId).toBe(one.pending?.request.runId);
  expect(two.pending?.request.calls.map(({ args }) => args)).toEqual([{ item: "after a" }]);
  expect(reached).toEqual(['shop.buy {"item":"a"}']);
  const three = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: two.pending!.state, approved: true } },
  );
  expect(JSON.parse(three.text)).toMatchObject({ value: { bought: "after a" } });
  expect(reached).toEqual(['shop.buy {"item":"a"}', 'shop.buy {"item":"after a"}']);
});

test("a program that goes astray on what is not known yet shows the plan so far", async () => {
  const { optimizer } = await open();
  const code = `const { bought } = await shop.buy({ item: "a" }); return bought.toUpperCase();`;
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request).toMatchObject({ complete: false, calls: [{ tool: "shop.buy" }] });
});

test("calls at once are asked about together", async () => {
  const { optimizer, reached } = await open();
  const code = `return (await Promise.all(["a", "b", "c"].map((item) => shop.buy({ item })))).length`;
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request.calls).toHaveLength(3);
  const done = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: pending!.state, approved: true } },
  );
  expect(JSON.parse(done.text)).toMatchObject({ value: 3 });
  expect(reached).toHaveLength(3);
});

test("reads after a planned write are made anew once it is done", async () => {
  let stock = ["a"];
  const { optimizer } = await open({
    servers: {
      shop: [
        { name: "list", answer: () => stock },
        { name: "buy", answer: ({ item }) => ((stock = stock.filter((it) => it !== item)), "ok") },
      ],
    },
    policy: { effects: { "shop.list": "read", "shop.*": "write" }, rules: [{ decide: "ask", tool: "buy" }] },
  });
  const code = `await shop.buy({ item: "a" }); return await shop.list({});`;
  const { pending } = await call(optimizer, "run_code", { code });
  const done = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: pending!.state, approved: true } },
  );
  expect(JSON.parse(done.text)).toMatchObject({ value: [] });
});

test.each([
  ["a no", { approved: false }, /a person said no/],
  ["a forged state", { state: "eyJhbGciOiJub25lIn0.e30." }, /was not issued here, or was changed/],
  ["other work", { code: "return await shop.buy({ item: 'other' })" }, /belongs to other work/],
  ["another tenant", { tenant: "other" }, /belongs to other work/],
])("%s does nothing", async (_name, change, expected) => {
  const { optimizer, reached } = await open();
  const code = `return await shop.buy({ item: "a" })`;
  const { pending } = await call(optimizer, "run_code", { code });
  const {
    approved = true,
    state = pending!.state,
    tenant,
  } = change as {
    approved?: boolean;
    state?: string;
    tenant?: string;
  };
  const asked = { code: (change as { code?: string }).code ?? code };
  const answer = await call(optimizer, "run_code", asked, {
    approval: { state, approved },
    ...(tenant && { tenant }),
  });
  expect(answer).toMatchObject({ isError: true, pending: undefined });
  expect(answer.text).toMatch(/^approval_rejected: /);
  expect(answer.text).toMatch(expected);
  expect(reached).toEqual([]);
});

test("an answer that comes too late is refused", async () => {
  const { optimizer, reached, clock } = await open({ approvals: { ttlSeconds: 60 } });
  const code = `return await shop.buy({ item: "a" })`;
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request.expiresAt).toBe(clock.now() + 60_000);
  clock.advance(61_000);
  const { text } = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: pending!.state, approved: true } },
  );
  expect(text).toMatch(/too late/);
  expect(reached).toEqual([]);
});

test("a state changed by one character is refused", async () => {
  const { optimizer, reached } = await open();
  const code = `return await shop.buy({ item: "a" })`;
  const { pending } = await call(optimizer, "run_code", { code });
  const [head, body, signature] = pending!.state.split(".") as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as { calls: string[] };
  claims.calls.push("more");
  const forged = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
  const { text } = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: forged, approved: true } },
  );
  expect(text).toMatch(/was not issued here, or was changed/);
  expect(reached).toEqual([]);
});

test("a run that waits is asked about again under its id, also by another connection", async () => {
  const { optimizer, reached } = await open();
  const code = `return await shop.buy({ item: "a" })`;
  const { pending } = await call(optimizer, "run_code", { code }, { session: "one" });
  const { runId } = pending!.request;
  const again = await call(optimizer, "run_code", { run: runId }, { session: "two" });
  expect(again.pending?.request.calls).toEqual(pending!.request.calls);
  const answer = { state: again.pending!.state, approved: true };
  const done = await call(optimizer, "run_code", { run: runId }, { session: "two", approval: answer });
  expect(JSON.parse(done.text)).toMatchObject({ value: { bought: "a" } });
  expect(reached).toEqual(['shop.buy {"item":"a"}']);
  const later = await call(optimizer, "run_code", { run: runId });
  expect(JSON.parse(later.text)).toMatchObject({ value: { bought: "a" } });
  expect(reached).toHaveLength(1);
  const nobody = await call(optimizer, "run_code", { run: "r_none" });
  expect(nobody.text).toMatch(/^not_found/);
});

test("nobody else may wait for a run, or answer for it", async () => {
  const { optimizer } = await open();
  const { pending } = await call(optimizer, "run_code", { code: `return await shop.buy({ item: "a" })` });
  const { text } = await call(optimizer, "run_code", { run: pending!.request.runId }, { tenant: "other" });
  expect(text).toMatch(/^not_found/);
});

test("a single tool is asked about, too", async () => {
  const { optimizer, reached } = await open({ flags: { executionMode: "mcp_only" } });
  const args = { item: "a" };
  const { pending, text } = await call(optimizer, "shop__buy", args);
  expect(text).toMatch(/^approval_required/);
  expect(pending?.request).toMatchObject({ complete: true, calls: [{ tool: "shop.buy", args }] });
  expect(reached).toEqual([]);
  const done = await call(optimizer, "shop__buy", args, {
    approval: { state: pending!.state, approved: true },
  });
  expect(JSON.parse(done.text)).toEqual({ bought: "a" });
});

test("a deny stays one while a plan is made", async () => {
  const { optimizer, reached } = await open();
  const code = `await shop.buy({ item: "a" }); try { await shop.note({}); } catch (error) { return error.code; }`;
  const policy = {
    ...POLICY,
    rules: [
      { decide: "ask" as const, tool: "buy" },
      { decide: "deny" as const, tool: "note", args: { n: "1" } },
    ],
  };
  const engine = await open({ policy });
  const { pending } = await call(engine.optimizer, "run_code", {
    code: `await shop.buy({ item: "a" }); await shop.note({ n: 1 });`,
  });
  expect(pending?.request).toMatchObject({ complete: false });
  expect(pending?.request.calls.map(({ tool }) => tool)).toEqual(["shop.buy"]);
  await call(optimizer, "run_code", { code });
  expect(reached).toEqual([]);
});

test("what a program drew at random stays the same when it goes on", async () => {
  const { optimizer, reached } = await open();
  const code = `return await shop.buy({ item: Math.random() + crypto.randomUUID() })`;
  const { pending } = await call(optimizer, "run_code", { code });
  const done = await call(
    optimizer,
    "run_code",
    { code },
    { approval: { state: pending!.state, approved: true } },
  );
  expect(done.isError).toBe(false);
  expect(reached).toHaveLength(1);
  const other = await call(optimizer, "run_code", { code });
  expect(other.pending?.request.calls[0]?.args).not.toEqual(pending?.request.calls[0]?.args);
});
