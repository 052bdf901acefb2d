import type { LogEntry } from "@mcp-optimizer/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBehaviourSource, SECRET } from "./fixtures/behaviour-source.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { answers, INITIALIZE, INITIALIZED, legacy, modern } from "./fixtures/messages.ts";
import { openRawStdio } from "./fixtures/raw-stdio.ts";
import { PATIENT } from "./fixtures/patient.ts";

function open(options: Parameters<typeof openRawStdio>[1] = {}) {
  const source = createBehaviourSource();
  const raw = openRawStdio(source, options);
  onTestFinished(() => raw.service.close());
  const counts = async (): Promise<unknown> =>
    JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string);
  return { ...raw, source, counts };
}

const isListChange = ({ method }: { method?: unknown }): boolean =>
  method === "notifications/tools/list_changed";

describe("the stdio connection", () => {
  it("survives what is no message, and an unknown method", async () => {
    const { send, next } = open();
    send("{ not json");
    send('{"hello":"world"}');
    send('[{"jsonrpc":"2.0","id":7,"method":"ping"}]');
    send(INITIALIZE);
    await next(answers(0));
    send("null");
    send(legacy(1, "no/such/method"));
    expect(await next(answers(1))).toMatchObject({ error: { code: -32_601 } });
    send(legacy(2, "tools/call", { name: 5 }));
    expect(await next(answers(2))).toMatchObject({ error: { code: -32_602 } });
    send(legacy(3, "tools/list", { cursor: "page2" }));
    expect(await next(answers(3))).toMatchObject({ error: { code: -32_602 } });
    send(legacy(4, "tools/list"));
    expect(await next(answers(4))).toHaveProperty("result.tools");
  });

  it("answers a client that first asks server/discover and then initializes", async () => {
    const { send, next } = open();
    send(modern(1, "server/discover"));
    expect(await next(answers(1))).toMatchObject({
      result: { supportedVersions: ["2026-07-28"], ttlMs: 60_000, cacheScope: "private" },
    });
    send(INITIALIZE);
    expect(await next(answers(0))).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });

  it("ends and aborts its calls at the end of stdin", async () => {
    const { send, next, stdin, service, source, counts } = open();
    send(INITIALIZE);
    send({ ...legacy(1, "tools/call", { name: "wait", _meta: { progressToken: 1 } }) });
    await next(({ method }) => method === "notifications/progress");
    stdin.end();
    await service.closed;
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
    expect(source.listeners).toBe(0);
  });

  it("ends when stdout breaks", async () => {
    const { send, stdout, service, counts, next } = open();
    send(INITIALIZE);
    send({ ...legacy(1, "tools/call", { name: "wait", _meta: { progressToken: 1 } }) });
    await next(({ method }) => method === "notifications/progress");
    stdout.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    send(legacy(2, "tools/list"));
    await service.closed;
    await expect.poll(counts, PATIENT).toEqual({ waiting: 0, aborted: 1 });
  });

  it("ends on a message over the limit", async () => {
    const { stdin, service } = open({ maxMessageBytes: 1_000 });
    stdin.write("x".repeat(1_001));
    await expect(service.closed).resolves.toBeUndefined();
  });

  it("closes more than once, and then answers nothing", async () => {
    const { send, next, received, service, stdin } = open();
    send(modern(1, "tools/list"));
    await next(answers(1));
    await Promise.all([service.close(), service.close()]);
    await service.close();
    await service.closed;
    stdin.write(`${JSON.stringify(modern(2, "tools/list"))}\n`);
    expect(received.filter(answers(2))).toEqual([]);
  });

  it("announces a change to a client of old after its handshake only", async () => {
    const clock = createManualClock();
    const { send, next, received, source } = open({ clock });
    send(INITIALIZE);
    await next(answers(0));
    await source.callTool("grow", {});
    clock.advance(100);
    send(INITIALIZED);
    send(legacy(1, "ping"));
    await next(answers(1));
    expect(received.filter(isListChange)).toEqual([]);
    await source.callTool("grow", {});
    clock.advance(100);
    await next(isListChange);
  });

  it("announces a change to a client of now if it listens only", async () => {
    const clock = createManualClock();
    const { send, next, received, source } = open({ clock });
    send(modern(1, "tools/list"));
    await next(answers(1));
    await source.callTool("grow", {});
    clock.advance(100);
    send(modern(2, "subscriptions/listen", { notifications: { toolsListChanged: true } }));
    await next(({ method }) => method === "notifications/subscriptions/acknowledged");
    expect(received.filter(isListChange)).toEqual([]);
    await source.callTool("grow", {});
    clock.advance(100);
    expect(await next(isListChange)).toMatchObject({
      params: { _meta: { "io.modelcontextprotocol/subscriptionId": 2 } },
    });
  });

  it("tells the log what it tells nobody else", async () => {
    const entries: LogEntry[] = [];
    const { send, next, received } = open({ log: (entry) => void entries.push(entry) });
    send(INITIALIZE);
    send(legacy(1, "tools/call", { name: "leaks" }));
    await next(answers(1));
    send(legacy(2, "tools/call", { name: "fails" }));
    await next(answers(2));
    expect(entries.map(({ level, fields }) => [level, fields])).toEqual([
      ["error", { tool: "leaks", code: "internal" }],
      ["debug", { tool: "fails", code: "timeout" }],
    ]);
    expect(String(entries[0]!.cause)).toContain(SECRET);
    expect(JSON.stringify(received)).not.toContain(SECRET);
    expect(JSON.stringify(entries.map(({ message, fields }) => [message, fields]))).not.toContain(SECRET);
  });
});
