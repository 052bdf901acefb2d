import {
  createFixtureToolbox,
  createStandardToolbox,
  startFixtureHttpServer,
  type FixtureHttpOptions,
} from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import type { RemoteUpstream } from "../../src/index.ts";
import { BOUND, codeOf, connect, keep, reasonOf, until } from "../harness.ts";

const serve = async (options: FixtureHttpOptions = {}) => {
  const server = await startFixtureHttpServer(options);
  keep({ dispose: () => server.close() });
  return server;
};
const remote = (url: string, more: Partial<RemoteUpstream> = {}): RemoteUpstream => ({
  name: "far",
  kind: "remote",
  url,
  transport: "auto",
  headers: {},
  ...more,
});

test("headers reach the server, and a wrong one is told apart", async () => {
  const { url } = await serve({ authorization: "Bearer right" });
  const good = connect([remote(url, { headers: { Authorization: "Bearer right" } })]);
  await until(good.providers[0]!, "ready");
  const bad = connect([remote(url, { headers: { Authorization: "Bearer wrong" } })]);
  await bad.settled();
  expect(reasonOf(bad.providers[0]!)).toContain("requires authorization (HTTP 401)");
});

test("an address where nothing is there says so, and is tried again", async () => {
  const taken = await serve();
  await taken.close();
  const upstreams = connect([remote(taken.url)]);
  const { providers } = upstreams;
  await upstreams.settled();
  expect(reasonOf(providers[0]!)).toContain("cannot be reached (ECONNREFUSED)");
  await serve({ port: taken.port });
  await until(providers[0]!, "ready");
  expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
});

test("an address with no MCP server behind it says so", async () => {
  const { url } = await serve();
  const upstreams = connect([remote(`${url}/elsewhere`)]);
  const { providers } = upstreams;
  await upstreams.settled();
  expect(reasonOf(providers[0]!)).toContain("answers with HTTP 404");
});

test.each([
  ["streamable HTTP with sessions", { era: "legacy" }],
  ["streamable HTTP without sessions", { era: "modern" }],
  ["SSE", { era: "legacy", sseOnly: true }],
] as const)("a server over %s that comes back is connected to again", async (_name, options) => {
  const first = await serve(options);
  const { providers } = connect([remote(first.url)]);
  const [provider] = providers;
  await until(provider!, "ready");
  await first.close();
  await vi.waitFor(
    async () => expect(await codeOf(provider!.callTool("echo", { text: "hi" }))).toBe("upstream_failed"),
    BOUND,
  );
  await serve({ ...options, port: first.port });
  await vi.waitFor(async () => {
    expect(await provider!.callTool("echo", { text: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
  }, BOUND);
  expect(provider!.status).toEqual({ state: "ready" });
});

test.each(["legacy", "modern"] as const)(
  "a message over the limit ends the call with output_limit (%s)",
  async (era) => {
    const toolbox = createStandardToolbox();
    toolbox.add({
      definition: { name: "huge", inputSchema: { type: "object" } },
      call: () => ({ content: [{ type: "text", text: "x".repeat(3_000_000) }] }),
    });
    const { url } = await serve({ era, toolbox });
    const { providers } = connect([remote(url)], { maxMessageBytes: 2_000_000 });
    await until(providers[0]!, "ready");
    expect(await codeOf(providers[0]!.callTool("huge", {}))).toBe("output_limit");
    await until(providers[0]!, "ready");
    expect(await providers[0]!.callTool("echo", { text: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
  },
);

test("a modern tool with an impossible x-mcp-header is left out", async () => {
  const tool = (name: string, header: string) => ({
    definition: {
      name,
      inputSchema: { type: "object", properties: { region: { type: "string", "x-mcp-header": header } } },
    },
    call: () => ({ content: [] }),
  });
  const toolbox = createFixtureToolbox([tool("good", "Region"), tool("bad", "no header name")]);
  const { url } = await serve({ era: "modern", toolbox });
  const { providers } = connect([remote(url)]);
  await until(providers[0]!, "ready");
  expect(providers[0]!.tools.map((one) => one.name)).toEqual(["good"]);
});

test("a call whose stream ends without an answer fails at once", async () => {
  const { url } = await serve({ era: "modern" });
  const cutting: typeof fetch = (input, init) => {
    const isCall = typeof init?.body === "string" && init.body.includes('"tools/call"');
    const nothing = new Response("", { headers: { "content-type": "text/event-stream" } });
    return isCall ? Promise.resolve(nothing) : fetch(input, init);
  };
  const { providers } = connect([remote(url)], { fetch: cutting, callTimeoutMs: 600_000 });
  await until(providers[0]!, "ready");
  expect(await codeOf(providers[0]!.callTool("echo", { text: "hi" }))).toBe("upstream_failed");
});
