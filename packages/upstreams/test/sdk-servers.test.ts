import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { expect, test, vi } from "vitest";
import type { UpstreamConfig } from "../src/index.ts";
import { BOUND, codeOf, connect, counted, keep, stdio, until } from "./harness.ts";
import { createSdkServer } from "./sdk-server.ts";

const command = {
  command: process.execPath,
  args: [fileURLToPath(new URL("sdk-server.ts", import.meta.url))],
};

const overHttp = async (): Promise<UpstreamConfig> => {
  const handle = toNodeHandler(createMcpHandler(createSdkServer));
  const server = createServer((request, response) => void handle(request as never, response)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  keep({ dispose: () => (server.close(), server.closeAllConnections()) });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return { name: "sdk", kind: "remote", url, transport: "auto", headers: {} };
};

test("a server on the SDK over stdio: one start, calls, a late tool", async () => {
  const { server, starts } = counted(command);
  const { providers } = connect([stdio("sdk", server)]);
  const [provider] = providers;
  await until(provider!, "ready");
  expect((await provider!.callTool("double", { n: 21 })).structuredContent).toEqual({ twice: 42 });
  await provider!.callTool("grow", {});
  await vi.waitFor(() => expect(provider!.tools.map((tool) => tool.name)).toContain("late"), BOUND);
  expect(starts()).toBe(1);
});

test("a dual-era server on the SDK that is slow to answer the probe is started once", async () => {
  const { server, starts } = counted(command);
  const { providers } = connect([stdio("sdk", server)], { probeTimeoutMs: 1 });
  await until(providers[0]!, "ready");
  expect((await providers[0]!.callTool("double", { n: 21 })).structuredContent).toEqual({ twice: 42 });
  expect(starts()).toBe(1);
});

test("a server on the SDK over HTTP", async () => {
  const { providers } = connect([await overHttp()]);
  await until(providers[0]!, "ready");
  expect((await providers[0]!.callTool("double", { n: 21 })).structuredContent).toEqual({ twice: 42 });
  expect(await codeOf(providers[0]!.callTool("nothing", {}))).toBe("upstream_failed");
});

test("a tool that asks the user fails, because we declare no elicitation", async () => {
  const { providers } = connect([stdio("near", command), await overHttp()]);
  for (const provider of providers) {
    await until(provider, "ready");
    const outcome = await provider.callTool("ask", {}).then(
      (result) => (result.isError === true ? "tool error" : "no error"),
      (error: unknown) => (error as { code: string }).code,
    );
    expect(["tool error", "upstream_failed"]).toContain(outcome);
  }
});
