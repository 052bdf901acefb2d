import { describe, expect, it } from "vitest";
import { startHttp } from "./fixtures/http-server.ts";
import { createMemorySource, simpleTool, text } from "./fixtures/memory-source.ts";
import { INITIALIZE, legacy, modern } from "./fixtures/messages.ts";
import { callModern, modernHeaders, openSession, POST_HEADERS, send } from "./fixtures/raw-http.ts";

const LIST = JSON.stringify(modern(1, "tools/list"));
const LIST_HEADERS = modernHeaders("tools/list");

describe("who may ask", () => {
  it.each([
    ["host", "evil.example"],
    ["host", "evil.example:80"],
    ["host", "127.0.0.1.evil.example"],
    ["host", "localhost@evil.example"],
    ["origin", "https://evil.example"],
    ["origin", "http://127.0.0.1.evil.example"],
    ["origin", "null"],
    ["origin", "localhost"],
  ])("refuses a request with the %s %j", async (header, value) => {
    const { url } = await startHttp();
    for (const target of [url, new URL("/healthz", url).href]) {
      const answer = await send(target, { headers: { ...LIST_HEADERS, [header]: value }, body: LIST });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain("echo");
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    }
  });

  it.each([
    ["host", "localhost"],
    ["host", "localhost:1234"],
    ["host", "[::1]:80"],
    ["origin", "http://localhost:6274"],
    ["origin", "http://127.0.0.1"],
  ])("serves a request with the %s %j", async (header, value) => {
    const { url } = await startHttp();
    const answer = await send(url, { headers: { ...LIST_HEADERS, [header]: value }, body: LIST });
    expect(answer.status).toBe(200);
  });

  it("can be told other names", async () => {
    const { url } = await startHttp({ allowedHosts: ["mcp.test"], allowedOrigins: ["app.test"] });
    const ask = async (host: string, origin: string): Promise<number> =>
      (await send(url, { headers: { ...LIST_HEADERS, host, origin }, body: LIST })).status;
    expect(await ask("mcp.test:80", "https://app.test")).toBe(200);
    expect(await ask("localhost", "https://app.test")).toBe(403);
    expect(await ask("mcp.test", "http://localhost")).toBe(403);
  });

  it.each(["0.0.0.0", "::", "192.168.1.2", "example.com", "127.0.0.1.nip.io", "::ffff:192.168.1.2"])(
    "refuses to listen on %s",
    async (host) => {
      await expect(startHttp({ host })).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining("authentication") as string,
      });
    },
  );

  it.each(["localhost", "127.0.0.2"])("listens on %s", async (host) => {
    const { url } = await startHttp({ host });
    expect((await callModern(url, "echo", { text: "hi" })).status).toBe(200);
  });

  it("says which address is taken", async () => {
    const { url } = await startHttp();
    const port = Number(new URL(url).port);
    const source = createMemorySource([]);
    await expect(startHttp({ port }, source)).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(`127.0.0.1:${port} (EADDRINUSE)`) as string,
    });
    expect(source.listeners).toBe(0);
  });
});

describe("what may be asked", () => {
  it("answers a health check", async () => {
    const { url } = await startHttp();
    const answer = await send(new URL("/healthz", url).href, { method: "GET" });
    expect([answer.status, answer.json]).toEqual([200, { status: "ok" }]);
  });

  it("serves one path only", async () => {
    const { url } = await startHttp({ path: "/tools" });
    expect(new URL(url).pathname).toBe("/tools");
    expect((await send(`${url}?key=1`, { headers: LIST_HEADERS, body: LIST })).status).toBe(200);
    for (const path of ["/", "/mcp", "/tools/", "//tools", "/.well-known/oauth-protected-resource"]) {
      const answer = await send(`${new URL(url).origin}${path}`, { headers: LIST_HEADERS, body: LIST });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it.each(["", "{", "\u0000", '{"jsonrpc":"2.0"', "undefined"])(
    "answers malformed JSON %j with a parse error",
    async (body) => {
      const { url } = await startHttp();
      for (const headers of [POST_HEADERS, LIST_HEADERS, await openSession(url)]) {
        const answer = await send(url, { headers, body });
        expect([answer.status, answer.json]).toMatchObject([400, { id: null, error: { code: -32_700 } }]);
      }
    },
  );

  it.each(["null", "5", '"text"', "{}", "[]", "[1]", '{"id":1}', '{"method":"tools/list","id":1}'])(
    "answers JSON that is no message %s with 400",
    async (body) => {
      const { url } = await startHttp();
      for (const headers of [POST_HEADERS, LIST_HEADERS, await openSession(url)]) {
        const answer = await send(url, { headers, body });
        expect([answer.status, answer.json]).toMatchObject([400, { error: {} }]);
      }
    },
  );

  it("refuses a body over the limit, announced or not", async () => {
    const { url } = await startHttp({ maxBodyBytes: 10_000 });
    const body = JSON.stringify(modern(1, "tools/list", { pad: "x".repeat(10_000) }));
    const announced = await send(url, { headers: LIST_HEADERS, body });
    expect(announced.status).toBe(413);
    const chunked = await send(url, { headers: { ...LIST_HEADERS, "transfer-encoding": "chunked" }, body });
    expect(chunked.status).toBe(413);
    expect((await send(url, { headers: LIST_HEADERS, body: LIST })).status).toBe(200);
  });

  it("survives deep nesting", async () => {
    const { url } = await startHttp();
    const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
    const body = LIST.replace('"params":{', `"params":{"deep":${deep},`);
    expect((await send(url, { headers: LIST_HEADERS, body })).status).toBeLessThan(500);
    expect((await send(url, { headers: POST_HEADERS, body: deep })).status).toBe(400);
    expect((await send(url, { headers: LIST_HEADERS, body: LIST })).status).toBe(200);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "refuses the content type %j",
    async (type) => {
      const { url } = await startHttp();
      for (const [headers, body] of [
        [LIST_HEADERS, LIST],
        [POST_HEADERS, JSON.stringify(INITIALIZE)],
        [POST_HEADERS, "method=tools/list"],
      ] as const) {
        const answer = await send(url, { headers: { ...headers, "content-type": type }, body });
        expect(answer.status).toBe(415);
      }
    },
  );

  it.each(["PUT", "PATCH", "OPTIONS"])("refuses the method %s", async (method) => {
    const { url } = await startHttp();
    const answer = await send(url, { method, headers: LIST_HEADERS });
    expect(answer.status).toBe(405);
    expect(answer.headers).toHaveProperty("allow");
  });

  it("answers an unknown method and an unknown revision with a protocol error", async () => {
    const { url } = await startHttp();
    const unknown = await send(url, {
      headers: modernHeaders("no/such"),
      body: JSON.stringify(modern(1, "no/such")),
    });
    expect(unknown.json).toMatchObject({ id: 1, error: { code: -32_601 } });
    const future = modern(1, "tools/list", {}, { "io.modelcontextprotocol/protocolVersion": "2099-01-01" });
    const refused = await send(url, {
      headers: { ...LIST_HEADERS, "mcp-protocol-version": "2099-01-01" },
      body: JSON.stringify(future),
    });
    expect([refused.status, refused.json]).toMatchObject([
      400,
      { id: 1, error: { code: -32_022, data: { supported: ["2026-07-28"] } } },
    ]);
    const session = await openSession(url);
    const old = await send(url, { headers: session, body: JSON.stringify(legacy(1, "no/such")) });
    expect(old.json).toMatchObject({ id: 1, error: { code: -32_601 } });
  });

  it("refuses headers that contradict the body, mirrored arguments included", async () => {
    const properties = { region: { type: "string", "x-mcp-header": "Region" } };
    const tool = simpleTool("move", ({ region }) => text(region as string), {
      inputSchema: { type: "object", properties },
    });
    const { url } = await startHttp({}, createMemorySource([tool]));
    const body = JSON.stringify(modern(1, "tools/call", { name: "move", arguments: { region: "north" } }));
    const ask = async (more: Record<string, string>): Promise<unknown> => {
      const { status, json } = await send(url, {
        headers: { ...modernHeaders("tools/call", "move"), ...more },
        body,
      });
      return [status, (json?.["error"] as { code?: number } | undefined)?.code];
    };
    expect(await ask({ "mcp-param-region": "north" })).toEqual([200, undefined]);
    expect(await ask({ "mcp-param-region": "south" })).toEqual([400, -32_020]);
    expect(await ask({})).toEqual([400, -32_020]);
    expect(await ask({ "mcp-param-region": "north", "mcp-name": "other" })).toEqual([400, -32_020]);
  });

  it("answers with plain JSON when nothing comes before the result", async () => {
    const { url } = await startHttp();
    const session = await openSession(url);
    const old = await send(url, { headers: session, body: JSON.stringify(legacy(1, "tools/list")) });
    const now = await send(url, { headers: LIST_HEADERS, body: LIST });
    for (const { headers, json } of [old, now]) {
      expect(headers["content-type"]).toBe("application/json");
      expect(json).toMatchObject({
        jsonrpc: "2.0",
        id: 1,
        result: { tools: expect.any(Array) as unknown[] },
      });
    }
  });

  it("carries large results whole", async () => {
    const { url } = await startHttp();
    const session = await openSession(url);
    const params = { name: "large", arguments: { bytes: 8_000_000 } };
    const old = await send(url, { headers: session, body: JSON.stringify(legacy(1, "tools/call", params)) });
    const now = await callModern(url, "large", { bytes: 8_000_000 });
    for (const { json } of [old, now]) {
      expect(json).toMatchObject({ result: { content: [{ text: expect.any(String) as string }] } });
      expect(JSON.stringify(json).length).toBeGreaterThan(8_000_000);
    }
  });
});
