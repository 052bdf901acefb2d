import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createMemorySource, simpleTool } from "./fixtures/memory-source.ts";
import { INITIALIZE, legacy, modern } from "./fixtures/messages.ts";
import { modernHeaders, openSession, POST_HEADERS, send } from "./fixtures/raw-http.ts";

/** Longer than any test may take, so that only a clean end passes. */
const FOR_EVER = 600_000;

describe("closing the endpoint", () => {
  it("aborts the calls of both eras, answers them with an error, and frees the port", async () => {
    const source = createBehaviourSource();
    const service = await startHttp({ closeGraceMs: FOR_EVER }, source);
    const session = await openSession(service.url);
    const body = JSON.stringify(modern(1, "tools/call", { name: "wait" }));
    const calls = [
      // Keeps its connection, unlike the other.
      fetch(service.url, { method: "POST", headers: modernHeaders("tools/call", "wait"), body }),
      send(service.url, {
        headers: session,
        body: JSON.stringify(legacy(9, "tools/call", { name: "wait" })),
      }),
    ];
    const counts = async (): Promise<unknown> =>
      JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string);
    await expect.poll(counts).toEqual({ waiting: 2, aborted: 0 });
    await Promise.all([service.close(), service.close()]);
    expect(await counts()).toEqual({ waiting: 0, aborted: 2 });
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([499, 503]);
    expect(source.listeners).toBe(0);
    await startHttp({ port: Number(new URL(service.url).port) });
  });

  it("tells a stream that its answer will not come", async () => {
    const source = createBehaviourSource();
    const service = await startHttp({ closeGraceMs: FOR_EVER }, source);
    const session = await openSession(service.url);
    const body = JSON.stringify(legacy(9, "tools/call", { name: "wait", _meta: { progressToken: 1 } }));
    const call = send(service.url, { headers: session, body });
    const counts = async (): Promise<unknown> =>
      JSON.parse((await source.callTool("counts", {})).content[0]!["text"] as string);
    await expect.poll(counts).toEqual({ waiting: 1, aborted: 0 });
    await service.close();
    const { headers, text } = await call;
    expect(headers["content-type"]).toBe("text/event-stream");
    expect(text).toContain('"method":"notifications/progress"');
    expect(text).toMatch(/"id":9,"error":\{"code":-32603,/);
  });

  it("ends subscriptions with their result", async () => {
    const service = await startHttp({ closeGraceMs: FOR_EVER });
    const body = JSON.stringify(
      modern(7, "subscriptions/listen", { notifications: { toolsListChanged: true } }),
    );
    const listening = send(service.url, { headers: modernHeaders("subscriptions/listen"), body });
    // The listing is answered after the subscription was taken.
    await send(service.url, {
      headers: modernHeaders("tools/list"),
      body: JSON.stringify(modern(1, "tools/list")),
    });
    await service.close();
    const { text } = await listening;
    expect(text).toContain("notifications/subscriptions/acknowledged");
    expect(text).toMatch(/"id":7,"result"/);
  });

  it("does not wait for connections that ask nothing", async () => {
    const service = await startHttp({ closeGraceMs: FOR_EVER });
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await send(new URL("/healthz", service.url).href, { method: "GET" });
    await service.close();
    await expect(ended).resolves.toBe(false);
  });

  it("refuses a request whose body came too late", async () => {
    const service = await startHttp({ closeGraceMs: FOR_EVER });
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    const body = JSON.stringify(INITIALIZE);
    const head = Object.entries({
      ...POST_HEADERS,
      host: "localhost",
      "content-length": String(body.length),
    });
    socket.write(`POST /mcp HTTP/1.1\r\n${head.map((line) => line.join(": ")).join("\r\n")}\r\n\r\n`);
    // The health check is answered after the head was read.
    await send(new URL("/healthz", service.url).href, { method: "GET" });
    const closed = service.close();
    socket.write(body);
    await closed;
    await ended;
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(service.sessions).toBe(0);
  });

  it("cuts what does not end within the grace time", async () => {
    const service = await startHttp({ closeGraceMs: 20 });
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    await send(new URL("/healthz", service.url).href, { method: "GET" });
    await service.close();
    await expect(ended).resolves.toBeTypeOf("boolean");
  });

  it("aborts a call of a client that went away", async () => {
    const aborted = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const tool = simpleTool("hang", async (_args, { signal }) => {
      started.resolve();
      await new Promise<void>((resolve) => signal!.addEventListener("abort", () => resolve()));
      aborted.resolve();
      return { content: [] };
    });
    const { url } = await startHttp({}, createMemorySource([tool]));
    const gone = new AbortController();
    const body = JSON.stringify(modern(1, "tools/call", { name: "hang" }));
    const call = fetch(url, {
      method: "POST",
      headers: modernHeaders("tools/call", "hang"),
      body,
      signal: gone.signal,
    });
    await started.promise;
    gone.abort();
    await expect(call).rejects.toThrow("aborted");
    await aborted.promise;
  });
});
