import { expect, test } from "vitest";
import { call, openEngine, type TestEngineOptions } from "./open-engine.ts";

const SERVERS: TestEngineOptions["servers"] = {
  mail: [
    { name: "inbox", answer: () => [{ from: "x", text: "the key is 7" }] },
    { name: "file", answer: () => "x".repeat(30_000) },
  ],
  web: [
    { name: "post", answer: () => "posted" },
    { name: "get", answer: () => "got" },
  ],
};
const POLICY: TestEngineOptions["policy"] = {
  effects: { "mail.*": "read", "web.get": "read", "web.post": "write" },
  flows: [{ from: "mail", to: "web" }],
};
const open = (more: Partial<TestEngineOptions> = {}): ReturnType<typeof openEngine> =>
  openEngine({ servers: SERVERS, policy: POLICY, ...more });

test("what one server gave goes to the writes of another only with approval, however it was changed", async () => {
  const { optimizer, reached } = await open();
  const code = `
    const [{ text }] = await mail.inbox({});
    return await web.post({ body: Number(text.at(-1)) * 3 });`;
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request.calls).toMatchObject([
    { tool: "web.post", args: { body: 21 }, asked: true, reason: "what mail gave may go to web" },
  ]);
  expect(reached).toEqual(["mail.inbox {}"]);
  const approval = { state: pending!.state, approved: true };
  expect((await call(optimizer, "run_code", { code }, { approval })).isError).toBe(false);
  expect(reached).toEqual(["mail.inbox {}", 'web.post {"body":21}']);
});

test("reads, writes before, and writes to the same server need none", async () => {
  const { optimizer, reached } = await open({
    policy: { ...POLICY, effects: { ...POLICY?.effects, "mail.file": "write" } },
  });
  const code = `
    await web.post({ body: "hello" });
    await mail.inbox({});
    await web.get({ q: 1 });
    return (await mail.file({})).length;`;
  expect(await call(optimizer, "run_code", { code })).toMatchObject({ isError: false, pending: undefined });
  expect(reached).toHaveLength(4);
});

test("a result that a handle brings back is still of its server", async () => {
  const { optimizer, reached } = await open();
  const first = await call(optimizer, "run_code", { code: "return await mail.file({})" });
  const handle = /vault\.open\('(.*?)'\)/.exec(first.text)![1]!;
  const code = `return await web.post({ body: (await vault.open("${handle}")).length })`;
  const { pending } = await call(optimizer, "run_code", { code });
  expect(pending?.request.calls).toMatchObject([{ tool: "web.post", args: { body: 30_000 } }]);
  expect(reached).toEqual(["mail.file {}"]);
});

test("a flow may be forbidden", async () => {
  const { optimizer, reached } = await open({
    policy: { ...POLICY, flows: [{ from: "*", to: "web", decide: "deny" }] },
  });
  const code = `await mail.inbox({}); return await web.post({ body: 1 })`;
  const { text } = await call(optimizer, "run_code", { code });
  expect(JSON.parse(text)).toMatchObject({ error: { code: "policy_denied" } });
  expect(text).toContain("what mail gave may go to web");
  expect(reached).toEqual(["mail.inbox {}"]);
});
