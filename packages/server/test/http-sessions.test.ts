import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { INITIALIZE, INITIALIZED, legacy } from "./fixtures/messages.ts";
import { openSession, openStream, POST_HEADERS, send, type RawAnswer } from "./fixtures/raw-http.ts";
import { PATIENT } from "./fixtures/patient.ts";

const PING = JSON.stringify(legacy(1, "ping"));
const WAIT = JSON.stringify(legacy(9, "tools/call", { name: "wait" }));
const cancel = (requestId: number): string =>
  JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } });

async function start(options: Parameters<typeof startHttp>[0] = {}) {
  const source = createBehaviourSource();
  const service = await startHttp(options, source);
  const post = (headers: Record<string, string>, body: string): Promise<RawAnswer> =>
    send(service.url, { headers, body });
  const counts = async (): Promise<unknown> =>
    JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string);
  return { service, url: service.url, post, counts, source };
}

describe("a session", () => {
  it("has an id that cannot be guessed, and its own requests", async () => {
    const { url, post, service } = await start();
    const [one, two] = [await openSession(url), await openSession(url)];
    expect(one["mcp-session-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(one["mcp-session-id"]).not.toBe(two["mcp-session-id"]);
    expect((await post(one, PING)).json).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(service.sessions).toBe(2);
  });

  it("must exist", async () => {
    const { post, service } = await start();
    const unknown = await post({ ...POST_HEADERS, "mcp-session-id": "nobody" }, PING);
    expect([unknown.status, unknown.json]).toMatchObject([404, { id: 1, error: { code: -32_001 } }]);
    expect((await post(POST_HEADERS, PING)).status).toBe(400);
    expect(
      (await send(service.url, { method: "GET", headers: { accept: "text/event-stream" } })).status,
    ).toBe(400);
    expect((await send(service.url, { method: "DELETE" })).status).toBe(400);
  });

  it("is not opened by a request that is refused", async () => {
    const { post, service } = await start();
    expect((await post({ ...POST_HEADERS, accept: "text/html" }, JSON.stringify(INITIALIZE))).status).toBe(
      406,
    );
    expect((await post(POST_HEADERS, JSON.stringify(legacy(1, "initialize")))).status).toBe(400);
    expect((await post(POST_HEADERS, JSON.stringify([INITIALIZE, INITIALIZE]))).status).toBe(400);
    expect(service.sessions).toBe(0);
  });

  it("cannot be initialized twice, and refuses an unknown revision", async () => {
    const { url, post } = await start();
    const session = await openSession(url);
    expect((await post(session, JSON.stringify(INITIALIZE))).status).toBe(400);
    expect((await post({ ...session, "mcp-protocol-version": "1999-01-01" }, PING)).status).toBe(400);
  });

  it("answers a batch, as older revisions want it", async () => {
    const { url, post } = await start();
    const session = await openSession(url);
    const { status, text } = await post(session, JSON.stringify([legacy(1, "ping"), legacy(2, "ping")]));
    expect(status).toBe(200);
    expect(text.match(/"id":[12]/g)?.toSorted()).toEqual(['"id":1', '"id":2']);
  });

  it("ends on DELETE, its calls with it", async () => {
    const { url, post, counts, service } = await start();
    const session = await openSession(url);
    const waiting = post(session, WAIT);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    expect((await send(url, { method: "DELETE", headers: session })).status).toBe(200);
    expect((await post(session, PING)).status).toBe(404);
    expect([(await waiting).status, (await waiting).json]).toMatchObject([503, { id: 9, error: {} }]);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
    expect(service.sessions).toBe(0);
  });

  it("cancels by notification, and ends the stream of the cancelled request without an answer", async () => {
    const { url, post, counts } = await start();
    const session = await openSession(url);
    const waiting = post(session, WAIT);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    expect((await post(session, cancel(8))).status).toBe(202);
    expect((await post(session, cancel(9))).status).toBe(202);
    expect([(await waiting).status, (await waiting).text]).toEqual([202, ""]);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
    expect((await post(session, PING)).status).toBe(200);
  });

  it("does not take a lost connection for a cancellation: its revisions forbid that", async () => {
    const { url, counts, post } = await start();
    const session = await openSession(url);
    const outgoing = request(url, { method: "POST", headers: session, agent: false });
    outgoing.on("error", () => {});
    outgoing.end(WAIT);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    outgoing.destroy();
    await post(session, PING);
    expect(await counts()).toEqual({ waiting: 1, aborted: 0 });
    await post(session, cancel(9));
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
  });

  it("has one stream of its own, which can be opened again at once after it broke", async () => {
    const { url, source } = await start();
    const session = await openSession(url);
    const first = await openStream(url, { method: "GET", headers: session });
    expect(first.status).toBe(200);
    expect((await openStream(url, { method: "GET", headers: session })).status).toBe(409);
    first.destroy();
    await first.closed;
    const again = async (): Promise<number> =>
      (await openStream(url, { method: "GET", headers: session })).status;
    await expect.poll(again, PATIENT).toBe(200);
    await source.callTool("grow", {});
  });

  it("hears of a changed list on its stream", async () => {
    const { url, source } = await start();
    const session = await openSession(url);
    const stream = await openStream(url, { method: "GET", headers: session });
    await source.callTool("grow", {});
    await expect.poll(stream.text, PATIENT).toContain('"method":"notifications/tools/list_changed"');
    await send(url, { method: "DELETE", headers: session });
    await stream.closed;
    expect(stream.text().match(/list_changed/g)).toHaveLength(1);
  });

  it("hears of no change before its handshake is over", async () => {
    const clock = createManualClock();
    const { url, post, source } = await start({ clock });
    const { headers } = await post(POST_HEADERS, JSON.stringify(INITIALIZE));
    const session = { ...POST_HEADERS, "mcp-session-id": headers["mcp-session-id"] as string };
    const stream = await openStream(url, { method: "GET", headers: session });
    await source.callTool("grow", {});
    clock.advance(100);
    await post(session, JSON.stringify(INITIALIZED));
    await source.callTool("grow", {});
    clock.advance(100);
    await send(url, { method: "DELETE", headers: session });
    await stream.closed;
    expect(stream.text().match(/list_changed/g)).toHaveLength(1);
  });

  it("ends when it was idle for long, not while a stream or a request is open", async () => {
    const clock = createManualClock();
    const { url, post, service, counts } = await start({ clock, sessionIdleMs: 1_000 });
    const [idle, streaming, working] = [
      await openSession(url),
      await openSession(url),
      await openSession(url),
    ];
    const stream = await openStream(url, { method: "GET", headers: streaming });
    const waiting = post(working, WAIT);
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
    clock.advance(2_000);
    expect(service.sessions).toBe(2);
    expect((await post(idle, PING)).status).toBe(404);
    stream.destroy();
    await post(working, cancel(9));
    await waiting;
    await expect
      .poll(() => {
        clock.advance(1_000);
        return service.sessions;
      }, PATIENT)
      .toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("makes room for a new one when it is idle; when all are busy, the new one is refused", async () => {
    const clock = createManualClock();
    const { url, post, service, counts } = await start({ clock, maxSessions: 2 });
    const oldest = await openSession(url);
    clock.advance(1);
    const older = await openSession(url);
    const third = await openSession(url);
    expect(service.sessions).toBe(2);
    expect((await post(oldest, PING)).status).toBe(404);
    const calls = [post(older, WAIT), post(third, WAIT)];
    await expect.poll(counts, PATIENT).toEqual({ waiting: 2, aborted: 0 });
    const refused = await post(POST_HEADERS, JSON.stringify(INITIALIZE));
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "5"]);
    await Promise.all([post(older, cancel(9)), post(third, cancel(9)), ...calls]);
    await openSession(url);
  });
});
