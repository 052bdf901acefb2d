import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { expect, test, vi } from "vitest";
import { BOUND, codeOf, connect, stdio, until } from "./harness.ts";

test("a call that takes too long ends with timeout, and the server hears of it", async () => {
  const { providers } = connect([stdio("slow", fixtureServerCommand(), { callTimeoutMs: 200 })]);
  const [provider] = providers;
  await until(provider!, "ready");
  await expect(provider!.callTool("wait", {})).rejects.toMatchObject({
    code: "timeout",
    message: expect.stringContaining('"slow" did not answer wait within 0.2 s'),
  });
  await vi.waitFor(async () => {
    const { structuredContent } = await provider!.callTool("cancelled", {});
    expect(structuredContent).toEqual({ cancelled: 1, waiting: 0 });
  }, BOUND);
});

test("refused arguments are named as such, in the server's words", async () => {
  const { providers } = connect([stdio("it", fixtureServerCommand())]);
  await until(providers[0]!, "ready");
  await expect(
    providers[0]!.callTool("reject", { code: -32602, message: "path: \u001b[1mrequired" }),
  ).rejects.toMatchObject({
    code: "upstream_failed",
    message:
      'The MCP server failed: "it" refused the arguments or the name of reject (-32602): path: required',
    data: { server: "it", tool: "reject", rpcCode: -32602 },
  });
});

test("a tool that the configuration does not offer is neither listed nor called", async () => {
  const { providers } = connect([
    stdio("allowed", fixtureServerCommand(), { tools: { allow: ["echo", "add"], deny: ["add"] } }),
    stdio("denied", fixtureServerCommand(), { tools: { deny: ["echo"] } }),
  ]);
  const [allowed, denied] = providers;
  await until(allowed!, "ready");
  await until(denied!, "ready");
  expect(allowed!.tools.map((tool) => tool.name)).toEqual(["echo"]);
  expect(denied!.tools.map((tool) => tool.name)).not.toContain("echo");
  expect(await codeOf(allowed!.callTool("add", { a: 1, b: 2 }))).toBe("policy_denied");
  expect(await codeOf(denied!.callTool("echo", { text: "hi" }))).toBe("policy_denied");
});

test("a call made while the server is connecting waits for it, or for its own signal", async () => {
  const { providers } = connect([stdio("it", fixtureServerCommand())]);
  const [provider] = providers;
  expect(provider!.status.state).toBe("connecting");
  const controller = new AbortController();
  const cancelled = codeOf(provider!.callTool("echo", { text: "hi" }, { signal: controller.signal }));
  controller.abort();
  expect(await cancelled).toBe("cancelled");
  expect(await provider!.callTool("echo", { text: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
});

test("two servers of one name are refused", () => {
  const config = stdio("it", fixtureServerCommand());
  expect(() => connect([config, config])).toThrow(/there are two servers of the name it/);
});
