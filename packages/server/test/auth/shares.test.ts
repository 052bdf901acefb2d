import type { JsonObject } from "@mcp-optimizer/contracts";
import { createStaticTokens, newStaticToken, type HttpOptions } from "@mcp-optimizer/server";
import { describe, expect, it } from "vitest";
import { taskLimits } from "../../src/tasks/task-limits.ts";
import { createTaskTable } from "../../src/tasks/task-table.ts";
import { createBehaviourSource } from "../fixtures/behaviour-source.ts";
import { startHttp } from "../fixtures/http-server.ts";
import { createManualClock } from "../fixtures/manual-clock.ts";
import { INITIALIZE, legacy, modern } from "../fixtures/messages.ts";
import { PATIENT } from "../fixtures/patient.ts";
import { modernHeaders, openSession, openStream, POST_HEADERS, send } from "../fixtures/raw-http.ts";

const TOKENS = ["ada", "eve"].map((name) => ({ name, tenant: "team", ...newStaticToken() }));
type Bearer = Record<string, string>;
const [ADA, EVE] = [0, 1].map((who): Bearer => ({ authorization: `Bearer ${TOKENS[who]!.token}` })) as [
  Bearer,
  Bearer,
];
const LISTEN = modern(1, "subscriptions/listen", { notifications: { toolsListChanged: true } });
const WAIT = modern(1, "tools/call", { name: "wait", arguments: {} });

async function start(options: Partial<HttpOptions> = {}) {
  const source = createBehaviourSource();
  const auth = { verifiers: [createStaticTokens(TOKENS.map(({ token: _token, ...kept }) => kept))] };
  const { url } = await startHttp({ auth, ...options }, source);
  const waiting = async (): Promise<unknown> => {
    const { content } = await source.callTool("counts", {});
    return (JSON.parse(content[0]!["text"] as string) as JsonObject)["waiting"];
  };
  const stream = (who: Bearer, message: JsonObject, named?: string) =>
    openStream(url, {
      headers: { ...modernHeaders(message["method"] as string, named), ...who },
      body: JSON.stringify(message),
    });
  const list = async (who: Bearer): Promise<number> => {
    const headers = { ...modernHeaders("tools/list"), ...who };
    return (await send(url, { headers, body: JSON.stringify(modern(1, "tools/list")) })).status;
  };
  return { url, waiting, stream, list };
}

describe("one principal", () => {
  it("cannot take all requests", async () => {
    const { url, waiting, list } = await start({ maxRequests: 4 });
    const stop = new AbortController();
    const call = () => {
      const headers = { ...modernHeaders("tools/call", "wait"), ...EVE };
      return fetch(url, { method: "POST", headers, body: JSON.stringify(WAIT), signal: stop.signal });
    };
    const calls = [call(), call()].map((each) => each.catch(() => {}));
    await expect.poll(waiting, PATIENT).toBe(2);
    expect([await list(EVE), await list(ADA)]).toEqual([429, 200]);
    stop.abort();
    await Promise.all(calls);
    await expect.poll(() => list(EVE), PATIENT).toBe(200);
  });

  it("takes no request's place with a stream on which it listens", async () => {
    const { url, waiting, stream, list } = await start({ maxRequests: 2 });
    const open = [await stream(EVE, LISTEN), await stream(EVE, LISTEN), await stream(EVE, LISTEN)];
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await list(EVE)).toBe(200);
    // Whoever only says that it listens is counted.
    const session = { ...(await openSession(url, EVE)), "mcp-method": "subscriptions/listen" };
    const stop = new AbortController();
    const body = JSON.stringify(legacy(9, "tools/call", { name: "wait" }));
    const call = fetch(url, { method: "POST", headers: session, body, signal: stop.signal }).catch(() => {});
    await expect.poll(waiting, PATIENT).toBe(1);
    expect(await list(EVE)).toBe(429);
    stop.abort();
    await call;
    for (const each of open) each.destroy();
  });

  it("cannot take all sessions: its own make room, and when all of those are busy it is refused", async () => {
    const clock = createManualClock();
    const { url } = await start({ clock, maxSessions: 4 });
    const ping = async (session: Bearer) =>
      (await send(url, { headers: session, body: JSON.stringify(legacy(1, "ping")) })).status;
    const ada = await openSession(url, ADA);
    clock.advance(1);
    const eve = [await openSession(url, EVE), await openSession(url, EVE), await openSession(url, EVE)];
    expect(await Promise.all([ada, ...eve].map(ping))).toEqual([200, 404, 200, 200]);
    const streams = [];
    for (const headers of eve.slice(1)) streams.push(await openStream(url, { method: "GET", headers }));
    const opening = { headers: { ...POST_HEADERS, ...EVE }, body: JSON.stringify(INITIALIZE) };
    expect((await send(url, opening)).status).toBe(503);
    await openSession(url, ADA);
    for (const each of streams) each.destroy();
  });

  it("cannot take all tasks, and its results make room before those of another", () => {
    const limits = { ...taskLimits({ maxTasks: 4 }), maxTasksOfOne: 2 };
    const clock = createManualClock();
    const table = createTaskTable(limits, clock);
    const [ada, eve] = ["ada", "eve"].map((principal) => ({ tenant: "team", principal })) as [Owner, Owner];
    const result = table.open(ada);
    result.complete({ content: [] });
    const first = table.open(eve);
    first.complete({ content: [] });
    table.open(eve);
    table.open(eve);
    expect(() => table.open(eve)).toThrow("tasks are under way");
    expect([table.find(ada, result.id), table.find(eve, first.id)]).toEqual([result, undefined]);
    table.open(ada);
    // The timer of what had to make room is gone with it.
    expect(clock.pending).toBe(1);
    table.dispose();
  });
});

interface Owner {
  readonly tenant: string;
  readonly principal: string;
}
