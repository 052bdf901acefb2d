import { randomUUID } from "node:crypto";
import { OptimizerError, type JsonObject } from "@mcp-optimizer/contracts";
import { createMemorySessionStore } from "@mcp-optimizer/core";
import { describe, expect, it } from "vitest";
import { createSessionRoster } from "../src/http/session-roster.ts";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { INITIALIZED, legacy } from "./fixtures/messages.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { openSession, openStream, send } from "./fixtures/raw-http.ts";
import { createFragileState } from "./fixtures/shared-state.ts";

const OWNER = { tenant: "local", principal: "local" };
const elsewhere = (number: number): JsonObject => ({
  jsonrpc: "2.0",
  id: `00000000-0000-4000-8000-000000000000.1.${number}`,
  result: { action: "accept" },
});
const cancel = (requestId: unknown, reason = ""): JsonObject => ({
  jsonrpc: "2.0",
  method: "notifications/cancelled",
  params: { requestId: requestId as string, reason },
});

async function start(sessionIdleMs = 3_600_000) {
  const clock = createManualClock();
  const shared = createFragileState(clock);
  const source = createBehaviourSource();
  const calls: string[] = [];
  const call = source.callTool.bind(source);
  source.callTool = async (name, args, options) => {
    calls.push(name);
    return await call(name, args, options);
  };
  const told: string[] = [];
  await shared.bulletin.subscribe("mcp/sessions", { onNews: (text) => told.push(text) });
  const service = await startHttp({ clock, shared, sessionIdleMs }, source);
  const session = await openSession(service.url);
  const id = session["mcp-session-id"]!;
  const post = (body: unknown) => send(service.url, { headers: session, body: JSON.stringify(body) });
  return { clock, shared, calls, told, service, session, id, post };
}

describe("what comes from the store", () => {
  it("is never a request: it would be nobody's", async () => {
    const { shared, calls, id, post } = await start();
    const forged = legacy(77, "tools/call", { name: "echo", arguments: { text: "a" } });
    const news = { from: "stranger", ...OWNER, id };
    await shared.bulletin.publish(
      "mcp/sessions",
      JSON.stringify({ ...news, kind: "message", message: forged }),
    );
    const question = "00000000-0000-4000-8000-000000000000.1.0";
    await shared.sessions.create({
      ...OWNER,
      id: `answer/${id}/${question}`,
      data: { letter: forged },
      ttlMs: 1_000,
    });
    await shared.bulletin.publish("mcp/sessions", JSON.stringify({ ...news, kind: "answer", question }));
    for (const text of ["", "null", "[]", "7", '{"kind":"message"}', '{"kind":"ended","tenant":7}'])
      await shared.bulletin.publish("mcp/sessions", text);
    expect((await post(legacy(1, "ping"))).status).toBe(200);
    expect(calls).toEqual([]);
  });

  it("is no session where it is none, and harms no other", async () => {
    const { clock, shared, id, session, service, post } = await start();
    const other = await startHttp({ clock, shared });
    const statuses: number[] = [];
    for (const opening of [7, null, [], {}, { protocolVersion: 7, capabilities: "x", clientInfo: [] }]) {
      const { version } = (await shared.sessions.get("local", id))!;
      await shared.sessions.update("local", id, version, { opening });
      const ping = JSON.stringify(legacy(2, "ping"));
      statuses.push((await send(other.url, { headers: session, body: ping })).status);
    }
    expect(statuses.every((status) => status >= 400)).toBe(true);
    for (const digit of "0123456789abcdef") {
      const at = `roster/${digit}/local`;
      const version = (await shared.sessions.get("local", at))?.version;
      const wrong = { ids: 7 };
      if (version !== undefined) await shared.sessions.update("local", at, version, wrong);
      else await shared.sessions.create({ ...OWNER, id: at, data: wrong, ttlMs: 60_000 });
    }
    for (const { url } of [other, service]) await openSession(url);
    expect((await post(legacy(3, "ping"))).status).toBe(200);
    expect(other.sessions).toBe(1);
  });

  it("ends a stream whose session has ended, though nobody heard of it", async () => {
    const { clock, shared, service, session, id } = await start(900);
    const stream = await openStream(service.url, { method: "GET", headers: session });
    clock.advance(500);
    await shared.sessions.delete("local", id);
    clock.advance(400);
    await stream.closed;
    expect(service.sessions).toBe(0);
  });
});

describe("what a client leaves in the store", () => {
  it("is of answers that nobody asked for a few", async () => {
    const { shared, post } = await start();
    const statuses = new Set<number>();
    for (let part = 0; part < 3; part++) {
      const batch = Array.from({ length: 64 }, (_, index) => elsewhere(part * 64 + index));
      statuses.add((await post(batch)).status);
    }
    expect(statuses).toEqual(new Set([202, 413]));
    const { sessions } = await shared.sessions.list("local", { limit: 1_000 });
    expect(sessions.filter(({ id }) => id.startsWith("answer/"))).toHaveLength(64);
  });

  it("is no large batch, and of a cancellation its id alone", async () => {
    const { told, post } = await start();
    told.length = 0;
    expect((await post(Array.from({ length: 65 }, () => cancel(1)))).status).toBe(400);
    await post(cancel(5, "x".repeat(50_000)));
    await post({ ...INITIALIZED, params: { vendor: "x".repeat(50_000) } });
    await post(cancel("x".repeat(50_000)));
    await expect.poll(() => told.length, PATIENT).toBe(2);
    expect(told.join("").length).toBeLessThan(1_000);
  });

  it("is so many sessions at most: the one that was used least recently makes room", async () => {
    const clock = createManualClock();
    const store = createMemorySessionStore({ clock });
    const rosters = [0, 1, 2].map(() => createSessionRoster(store));
    const begin = async (_: unknown, number: number): Promise<string> => {
      const id = randomUUID();
      const gone = await rosters[number % 3]!.enter(OWNER, id);
      await store.create({ ...OWNER, id, data: {}, ttlMs: 3_600_000 });
      for (const each of gone) await store.delete("local", each);
      return id;
    };
    const used = await Promise.all(Array.from({ length: 4 }, begin));
    clock.advance(1);
    for (let part = 0; part < 40; part++) {
      await Promise.all(Array.from({ length: 20 }, begin));
      clock.advance(1);
      for (const id of used) await store.touch("local", id);
    }
    const { sessions } = await store.list("local", { limit: 2_000 });
    const ids = sessions.map(({ id }) => id).filter((id) => !id.startsWith("roster/"));
    expect(ids.length).toBeLessThanOrEqual(512);
    expect(ids.length).toBeGreaterThan(400);
    expect(ids).toEqual(expect.arrayContaining(used));
    // Others of the tenant have their own.
    expect(await rosters[0]!.enter({ tenant: "local", principal: "ada" }, randomUUID())).toEqual([]);
    let asked = 0;
    const get = async (): Promise<never> => {
      asked += 1;
      throw new OptimizerError("store_unavailable");
    };
    const away = createSessionRoster({ ...store, get });
    const waiting = ["a1", "a2", "a3"].map((id) => away.enter(OWNER, id));
    const settled = await Promise.allSettled(waiting);
    expect([asked, ...settled.map(({ status }) => status)]).toEqual([1, "rejected", "rejected", "rejected"]);
    // What has ended is forgotten, also after long.
    clock.advance(30 * 24 * 3_600_000);
    expect(await rosters[0]!.enter(OWNER, randomUUID())).toEqual([]);
  });
});
