import type { JsonObject } from "@mcp-optimizer/contracts";
import { createStaticTokens, newStaticToken } from "@mcp-optimizer/server";
import { describe, expect, it } from "vitest";
import { createApprovalSource } from "./fixtures/approval-source.ts";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { INITIALIZE, INITIALIZED, legacy } from "./fixtures/messages.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { openSession, openStream, POST_HEADERS, send } from "./fixtures/raw-http.ts";
import { createFragileState } from "./fixtures/shared-state.ts";

const YES = { action: "accept", content: { approve: true } };
const OPENING = {
  ...INITIALIZE,
  params: { ...(INITIALIZE["params"] as JsonObject), capabilities: { elicitation: {} } },
};

/** Two processes, as far as clients can see. */
async function startTwo(options: Parameters<typeof startHttp>[0] = {}) {
  const clock = createManualClock();
  const shared = createFragileState(clock);
  const source = createBehaviourSource();
  const all = { clock, shared, ...options };
  const [one, two] = [await startHttp(all, source), await startHttp(all, source)];
  const post = (url: string, headers: Record<string, string>, message: JsonObject) =>
    send(url, { headers, body: JSON.stringify(message) });
  const counts = async (): Promise<unknown> =>
    JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string);
  return { clock, shared, source, one, two, post, counts };
}

/** A client that was asked by the first process while its answers go to the second. */
async function startAsked() {
  const source = createApprovalSource();
  const { shared, ...two } = await startTwo();
  const urls = [
    (await startHttp({ shared }, source)).url,
    (await startHttp({ shared }, source)).url,
  ] as const;
  const opened = await send(urls[0], { headers: POST_HEADERS, body: JSON.stringify(OPENING) });
  const session = { ...POST_HEADERS, "mcp-session-id": opened.headers["mcp-session-id"] as string };
  await two.post(urls[1], session, INITIALIZED);
  const ask = async (id: number) => {
    const call = legacy(id, "tools/call", { name: "transfer", arguments: { amount: id } });
    const stream = await openStream(urls[0], { headers: session, body: JSON.stringify(call) });
    await expect.poll(stream.text, PATIENT).toContain("elicitation/create");
    const [, json] = /^data: (.*elicitation\/create.*)$/m.exec(stream.text())!;
    return { stream, id: (JSON.parse(json!) as { id: string }).id };
  };
  const answer = (to: 0 | 1, id: string | number, result: JsonObject = YES) =>
    two.post(urls[to], session, { jsonrpc: "2.0", id, result });
  return { shared, source, session, urls, ask, answer };
}

describe("a session of several processes", () => {
  it("is served by each of them, for as long as it is used on any", async () => {
    const { one, two, post, clock } = await startTwo({ sessionIdleMs: 1_000 });
    const session = await openSession(one.url);
    expect((await post(two.url, session, legacy(1, "ping"))).json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {},
    });
    expect([one.sessions, two.sessions]).toEqual([1, 1]);
    clock.advance(800);
    expect((await post(two.url, session, legacy(2, "ping"))).status).toBe(200);
    clock.advance(800);
    expect((await post(one.url, session, legacy(3, "ping"))).status).toBe(200);
    clock.advance(1_000);
    const answers = [
      await post(one.url, session, legacy(4, "ping")),
      await post(two.url, session, legacy(5, "ping")),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it("is used by its first request at another of them, too", async () => {
    const { one, two, post, clock } = await startTwo({ sessionIdleMs: 1_000 });
    const session = await openSession(one.url);
    clock.advance(900);
    expect((await post(two.url, session, legacy(1, "ping"))).status).toBe(200);
    clock.advance(900);
    expect((await post(one.url, session, legacy(2, "ping"))).status).toBe(200);
  });

  it("is one, and its calls belong to it, wherever they arrive", async () => {
    const source = createApprovalSource();
    const { shared, post } = await startTwo();
    const [one, two] = [await startHttp({ shared }, source), await startHttp({ shared }, source)];
    const session = await openSession(one.url);
    const call = legacy(1, "tools/call", { name: "twice", arguments: {} });
    await Promise.all([one, two, two, one, two].map(({ url }) => post(url, session, call)));
    expect(two.sessions).toBe(1);
    expect(new Set(source.calls.map(({ options }) => options.session))).toEqual(
      new Set([session["mcp-session-id"]]),
    );
  });

  it("knows of its handshake everywhere: streams hear of changes", async () => {
    const { one, two, post, clock, source } = await startTwo();
    const { headers } = await post(one.url, POST_HEADERS, INITIALIZE);
    const session = { ...POST_HEADERS, "mcp-session-id": headers["mcp-session-id"] as string };
    await post(two.url, session, INITIALIZED);
    const stream = await openStream(one.url, { method: "GET", headers: session });
    await source.callTool("grow", {});
    clock.advance(100);
    await expect.poll(stream.text, PATIENT).toContain("list_changed");
  });

  it("can be cancelled in by any of them", async () => {
    const { one, two, post, counts } = await startTwo();
    const session = await openSession(one.url);
    const waiting = post(one.url, session, legacy(9, "tools/call", { name: "wait" }));
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 9 } };
    const other = await openSession(two.url);
    expect((await post(two.url, other, cancel)).status).toBe(202);
    expect(await counts()).toEqual({ waiting: 1, aborted: 0 });
    expect((await post(two.url, session, cancel)).status).toBe(202);
    expect([(await waiting).status, (await waiting).text]).toEqual([202, ""]);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
  });

  it("ends everywhere on DELETE, its calls with it", async () => {
    const { one, two, post, counts } = await startTwo();
    const session = await openSession(one.url);
    const waiting = post(one.url, session, legacy(9, "tools/call", { name: "wait" }));
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    expect((await send(two.url, { method: "DELETE", headers: session })).status).toBe(200);
    expect((await waiting).status).toBe(503);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
    expect((await post(one.url, session, legacy(1, "ping"))).status).toBe(404);
    expect((await post(two.url, session, legacy(1, "ping"))).status).toBe(404);
    expect([one.sessions, two.sessions]).toEqual([0, 0]);
  });

  it("ends where the word of it was lost, too", async () => {
    const { one, two, post, shared } = await startTwo();
    const session = await openSession(one.url);
    shared.deaf(true);
    await send(two.url, { method: "DELETE", headers: session });
    expect((await post(one.url, session, legacy(1, "ping"))).status).toBe(404);
  });

  it("comes back after it had to make room", async () => {
    const { one, post } = await startTwo({ maxSessions: 1 });
    const sessions = [await openSession(one.url), await openSession(one.url), await openSession(one.url)];
    for (const session of [...sessions, ...sessions]) {
      expect((await post(one.url, session, legacy(1, "ping"))).status).toBe(200);
      expect(one.sessions).toBe(1);
    }
  });

  it("outlives the process that it began on", async () => {
    const { one, two, post } = await startTwo();
    const session = await openSession(one.url);
    await one.close();
    expect((await post(two.url, session, legacy(1, "ping"))).status).toBe(200);
  });

  it("goes on where it is while the store is away; others are told to come again", async () => {
    const { one, two, post, shared } = await startTwo();
    const session = await openSession(one.url);
    shared.away = true;
    expect((await post(one.url, session, legacy(1, "ping"))).status).toBe(200);
    const refused = [
      await post(two.url, session, legacy(2, "ping")),
      await post(one.url, POST_HEADERS, INITIALIZE),
      await send(one.url, { method: "DELETE", headers: session }),
    ];
    for (const { status, headers, json } of refused) {
      expect([status, headers["retry-after"]]).toEqual([503, "5"]);
      expect(json).toMatchObject({ error: { message: expect.stringContaining("store") } });
    }
    shared.away = false;
    expect((await post(two.url, session, legacy(3, "ping"))).status).toBe(200);
    expect(one.sessions).toBe(1);
  });

  it("is not opened by a client that says too much of itself", async () => {
    const { one, post } = await startTwo();
    const capabilities = { experimental: { large: { text: "x".repeat(40_000) } } };
    const params = { ...(INITIALIZE["params"] as JsonObject), capabilities };
    expect((await post(one.url, POST_HEADERS, { ...INITIALIZE, params })).status).toBe(400);
    expect(one.sessions).toBe(0);
  });

  it("belongs to its principal on each of them", async () => {
    const tokens = [newStaticToken(), newStaticToken(), newStaticToken()] as const;
    const bearer = ({ token }: { token: string }): Record<string, string> => ({
      authorization: `Bearer ${token}`,
    });
    const [ann, bob, eve] = [bearer(tokens[0]), bearer(tokens[1]), bearer(tokens[2])];
    const verifier = createStaticTokens([
      { name: "ann", hash: tokens[0].hash, tenant: "one" },
      { name: "bob", hash: tokens[1].hash, tenant: "one" },
      { name: "eve", hash: tokens[2].hash, tenant: "two" },
    ]);
    const { one, two, post } = await startTwo({ auth: { verifiers: [verifier] } });
    const { headers } = await post(one.url, { ...POST_HEADERS, ...ann }, INITIALIZE);
    const session = { ...POST_HEADERS, "mcp-session-id": headers["mcp-session-id"] as string };
    for (const { url } of [two, one]) {
      for (const who of [bob, eve]) {
        expect((await post(url, { ...session, ...who }, legacy(1, "ping"))).status).toBe(404);
        expect((await send(url, { method: "DELETE", headers: { ...session, ...who } })).status).toBe(404);
      }
      expect((await post(url, { ...session, ...ann }, legacy(1, "ping"))).status).toBe(200);
    }
  });
});

describe("a person's answer that arrives at another process", () => {
  it("reaches the one that asked, once", async () => {
    const { source, ask, answer } = await startAsked();
    const { stream, id } = await ask(5);
    expect((await answer(1, id)).status).toBe(202);
    await expect.poll(stream.text, PATIENT).toContain("transferred by");
    expect((await answer(1, id)).status).toBe(202);
    expect((await answer(0, id)).status).toBe(202);
    expect(source.ledger).toEqual([{ amount: 5 }]);
  });

  it("is no answer to another question, nor under an id that nobody gave", async () => {
    const { source, ask, answer } = await startAsked();
    const first = await ask(1);
    const second = await ask(2);
    expect(first.id).not.toBe(second.id);
    for (const id of [0, 1, "0", "1", `${first.id}0`, first.id.replace(/^./, "z")]) await answer(0, id);
    await answer(1, second.id);
    await expect.poll(second.stream.text, PATIENT).toContain("transferred by");
    expect(source.ledger).toEqual([{ amount: 2 }]);
    await answer(1, first.id, { action: "decline" });
    await first.stream.closed;
    expect(source.ledger).toEqual([{ amount: 2 }]);
  });

  it("is there when news are heard again", async () => {
    const { source, shared, ask, answer } = await startAsked();
    const { stream, id } = await ask(7);
    shared.deaf(true);
    expect((await answer(1, id)).status).toBe(202);
    shared.deaf(false);
    await expect.poll(stream.text, PATIENT).toContain("transferred by");
    expect(source.ledger).toEqual([{ amount: 7 }]);
  });

  it("is refused while the store is away, and can be given again", async () => {
    const { source, shared, ask, answer } = await startAsked();
    const { stream, id } = await ask(3);
    shared.away = true;
    expect((await answer(1, id)).status).toBe(503);
    shared.away = false;
    expect((await answer(1, id)).status).toBe(202);
    await expect.poll(stream.text, PATIENT).toContain("transferred by");
    expect(source.ledger).toHaveLength(1);
  });

  it("is refused when it is too large to be one", async () => {
    const { source, ask, answer } = await startAsked();
    const { stream, id } = await ask(8);
    expect((await answer(1, id, { ...YES, note: "x".repeat(70_000) })).status).toBe(413);
    expect((await answer(1, id)).status).toBe(202);
    await expect.poll(stream.text, PATIENT).toContain("transferred by");
    expect(source.ledger).toHaveLength(1);
  });

  it("is taken in a batch of an older revision", async () => {
    const { source, session, urls, ask } = await startAsked();
    const { stream, id } = await ask(4);
    const batch = [{ jsonrpc: "2.0", id, result: YES }, legacy(77, "ping")];
    const answered = await send(urls[1], { headers: session, body: JSON.stringify(batch) });
    expect(answered.text).toContain('"id":77');
    await expect.poll(stream.text, PATIENT).toContain("transferred by");
    expect(source.ledger).toHaveLength(1);
  });
});
