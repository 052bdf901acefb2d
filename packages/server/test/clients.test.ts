import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SECRET } from "./fixtures/behaviour-source.ts";
import { connectClient, type Connected, type Mode, type Wire } from "./fixtures/real-client.ts";
import { PATIENT } from "./fixtures/patient.ts";

const CASES: [Wire, Mode, era: string][] = [
  ["stdio", "legacy", "legacy"],
  ["stdio", "auto", "modern"],
  ["stdio", "pinned", "modern"],
  ["http", "legacy", "legacy"],
  ["http", "auto", "modern"],
  ["http", "pinned", "modern"],
];

describe.each(CASES)("the SDK's client over %s, %s", (wire, mode, era) => {
  const changed = Promise.withResolvers<string[]>();
  let connected: Connected;
  let client: Client;

  beforeAll(async () => {
    connected = await connectClient(wire, mode, {
      listChanged: {
        tools: {
          onChanged: (error, tools) =>
            error === null ? changed.resolve(tools!.map(({ name }) => name)) : changed.reject(error),
        },
      },
    });
    client = connected.client;
  });
  afterAll(() => connected.close());

  it("settles the era and learns who serves", async () => {
    expect(client.getProtocolEra()).toBe(era);
    expect(client.getServerVersion()).toMatchObject({ name: "fixture", version: "1.2.3" });
    expect(client.getInstructions()).toBe("Try the tools.");
    const tools = { listChanged: true };
    const extensions = { "io.modelcontextprotocol/tasks": {} };
    expect(client.getServerCapabilities()).toEqual(era === "modern" ? { tools, extensions } : { tools });
  });

  it("lists and calls tools", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).slice(0, 3)).toEqual(["echo", "wait", "steps"]);
    const result = await client.callTool({ name: "echo", arguments: { text: "hi" } });
    expect(result.content).toMatchObject([{ type: "text", text: "hi" }]);
    expect(result.structuredContent).toEqual({ text: "hi" });
  });

  it("gets progress that grows, and only if it asked", async () => {
    const seen: number[] = [];
    const asked = await client.callTool(
      { name: "steps" },
      {
        onprogress({ progress }) {
          seen.push(progress);
          if (progress === 4) void client.callTool({ name: "release" });
        },
      },
    );
    expect(asked.content).toMatchObject([{ text: "asked" }]);
    expect(seen).toEqual([1, 3, 4]);
    const silent = await client.callTool({ name: "steps" });
    expect(silent.content).toMatchObject([{ text: "not asked" }]);
  });

  it("cancels a call at the source", async () => {
    const abort = new AbortController();
    const call = client.callTool(
      { name: "wait" },
      { signal: abort.signal, onprogress: () => abort.abort("changed my mind") },
    );
    await expect(call).rejects.toThrow("changed my mind");
    const counts = async (): Promise<unknown> => (await client.callTool({ name: "counts" })).content;
    await expect.poll(counts, PATIENT).toMatchObject([{ text: JSON.stringify({ waiting: 0, aborted: 1 }) }]);
  });

  it("hears of a changed list", async () => {
    await client.callTool({ name: "grow" });
    expect(await changed.promise).toContain("grown_1");
  });

  it("gets errors a model can read, and no secret", async () => {
    await expect(client.callTool({ name: "nothing" })).rejects.toMatchObject({
      code: -32_602,
      message: 'There is no such tool: "nothing"',
      data: { code: "unknown_tool" },
    });
    const failed = await client.callTool({ name: "fails" });
    expect(failed).toMatchObject({
      isError: true,
      content: [{ type: "text", text: "timeout: The time limit was reached: ask for less" }],
      _meta: { "mcp-optimizer/error": { code: "timeout", status: 408, data: { ms: 5 } } },
    });
    const leaked = await client.callTool({ name: "leaks" });
    expect(leaked.content).toEqual([{ type: "text", text: "internal: An internal error occurred." }]);
    const broken = await client.callTool({ name: "broken" });
    expect(broken.isError).toBe(true);
    expect(JSON.stringify([failed, leaked, broken])).not.toContain(SECRET);
  });

  it("can read a result whose blocks it does not know", async () => {
    const { content } = await client.callTool({ name: "hologram" });
    const json = JSON.stringify({ type: "hologram", beams: [1, 2] });
    expect(content).toEqual([{ type: "text", text: `Content of the type "hologram", as JSON: ${json}` }]);
  });

  it("gets structured content that fits the output schema it was shown", async () => {
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === "list")!.outputSchema;
    const { structuredContent, content } = await client.callTool({ name: "list" });
    expect(content).toEqual([{ type: "text", text: "[1,2]" }]);
    const natural = { type: "array", items: { type: "number" } };
    const wrapped = { type: "object", properties: { result: natural }, required: ["result"] };
    expect({ schema, structuredContent }).toEqual(
      era === "modern"
        ? { schema: natural, structuredContent: [1, 2] }
        : { schema: wrapped, structuredContent: { result: [1, 2] } },
    );
  });
});
