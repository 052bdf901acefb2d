import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createMemorySource, simpleTool } from "./fixtures/memory-source.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { INITIALIZE, legacy, modern } from "./fixtures/messages.ts";
import { modernHeaders, openSession, openStream, POST_HEADERS, send } from "./fixtures/raw-http.ts";

/** Longer than any test may take, so that only a clean end passes. */
const FOR_EVER = 600_000;

/** Sends the head of a POST, and waits until the server asks for its body. */
async function announce(url: string, length: number) {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ended = new Promise((resolve) => socket.once("close", resolve));
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const headers = { ...POST_HEADERS, host: "localhost", "content-length": length, expect: "100-continue" };
  const lines = Object.entries(headers).map((line) => `${line.join(": ")}\r\n`);
  socket.write(`POST /mcp HTTP/1.1\r\n${lines.join("")}\r\n`);
  await expect.poll(() => text, PATIENT).toContain("100 Continue");
  return { socket, ended, text: () => text };
}

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
    await expect.poll(counts, PATIENT).toEqual({ waiting: 2, aborted: 0 });
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
    await expect.poll(counts, PATIENT).toEqual({ waiting: 1, aborted: 0 });
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
    const headers = modernHeaders("subscriptions/listen");
    const { text, closed } = await openStream(service.url, { headers, body });
    await expect.poll(text, PATIENT).toContain("notifications/subscriptions/acknowledged");
    await service.close();
    await closed;
    expect(text()).toMatch(/"id":7,"result"/);
  });

  it("does not wait for connections that ask nothing", async () => {
    const service = await startHttp({ closeGraceMs: FOR_EVER });
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    // Connections are accepted in order, so this one was once the health check is answered.
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await send(new URL("/healthz", service.url).href, { method: "GET" });
    await service.close();
    await expect(ended).resolves.toBe(false);
  });

  it("refuses a request whose body came too late", async () => {
    const service = await startHttp({ closeGraceMs: FOR_EVER });
    const body = JSON.stringify(INITIALIZE);
    const { socket, text, ended } = await announce(service.url, body.length);
    const closed = service.close();
    socket.write(body);
    await closed;
    await ended;
    expect(text()).toMatch(/HTTP\/1\.1 503 /);
    expect(service.sessions).toBe(0);
  });

  it("cuts what does not end within the grace time", async () => {
    const service = await startHttp({ closeGraceMs: 20 });
    const { socket, text, ended } = await announce(service.url, 99);
    socket.write("{");
    await service.close();
    await ended;
    expect(text()).not.toMatch(/HTTP\/1\.1 (?!100)/);
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
