import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { cli, serve, testFolder, type Served } from "./cli.ts";

async function served(features: object, settings: object = {}): Promise<Served> {
  const folder = await testFolder({ fixture: fixtureServerCommand() }, { features, ...settings });
  const server = await serve(folder.config);
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  return server;
}

const names = async ({ client }: Served): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

describe("a client of each mode", () => {
  test("mcp_only: sees the upstream tools, and reads what they answer", async () => {
    const server = await served({ executionMode: "mcp_only" });
    const { tools } = await server.client.listTools();
    expect(tools.map(({ name }) => name)).toContain("fixture__add");
    expect(tools.every(({ name }) => name.startsWith("fixture__"))).toBe(true);
    expect(tools.find(({ name }) => name === "fixture__echo")).toMatchObject({
      title: "Echo",
      annotations: { readOnlyHint: true },
      _meta: { "example.com/note": "kept" },
    });
    const sum = await server.client.callTool({ name: "fixture__add", arguments: { a: 1, b: 2 } });
    expect(sum).toMatchObject({
      structuredContent: { sum: 3 },
      content: [{ type: "text", text: '{"sum":3}' }],
    });
    const failed = await server.client.callTool({ name: "fixture__fail", arguments: { message: "no" } });
    expect(failed).toMatchObject({ isError: true, content: [{ type: "text", text: "no" }] });
  });

  test("code_execution: sees two tools, and gives programs their params", async () => {
    const server = await served({ executionMode: "code_execution" });
    expect(await names(server)).toEqual(["search_tools", "run_code"]);
    const { content } = await server.client.callTool({
      name: "run_code",
      arguments: { code: "return (await fixture.add(params)).sum", params: { a: 3, b: 4 } },
    });
    expect(JSON.parse((content[0] as { text: string }).text)).toMatchObject({ value: 7 });
  });

  test("hybrid: sees call_tool and the pinned tools beside them", async () => {
    const server = await served({ executionMode: "hybrid" }, { pinned: ["fixture.add"] });
    expect(await names(server)).toEqual(["search_tools", "run_code", "call_tool", "fixture__add"]);
    for (const call of [
      { name: "fixture__add", arguments: { a: 1, b: 2 } },
      { name: "call_tool", arguments: { name: "fixture.add", args: { a: 1, b: 2 } } },
    ]) {
      expect(await server.client.callTool(call)).toMatchObject({ structuredContent: { sum: 3 } });
    }
  });

  test("a pin that no server has stops the start, with the one that was meant", async () => {
    await using folder = await testFolder({ fixture: fixtureServerCommand() }, { pinned: ["fixture.ad"] });
    const { code, stderr } = await cli(["tools", "-c", folder.config]);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stderr).toContain('no server has the pinned "fixture.ad"; did you mean fixture.add?');
  });
});
