import { startFixtureHttpServer, type FixtureTool } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { BOUND, connect } from "./harness.ts";

const tool = (name: string): FixtureTool => ({
  definition: { name, inputSchema: { type: "object" } },
  call: async () => ({ content: [] }),
});

test("a server that says nothing of its new tools is asked for them when another process has heard of them", async () => {
  let tools = [tool("read")];
  // It tells nobody of changes.
  const toolbox = {
    get tools() {
      return tools;
    },
    add: () => {},
    onChange: () => () => {},
  };
  const server = await startFixtureHttpServer({ toolbox });
  onTestFinished(() => server.close());
  const upstreams = connect([
    { name: "files", kind: "remote", url: server.url, transport: "auto", headers: {} },
  ]);
  await upstreams.settled();
  const [provider] = upstreams.providers;
  const names = (): string[] => provider!.tools.map(({ name }) => name);
  expect(names()).toEqual(["read"]);
  tools = [...tools, tool("write")];
  provider!.relist!();
  await expect.poll(names, BOUND).toEqual(["read", "write"]);
});
