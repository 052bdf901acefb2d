import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { answers, INITIALIZE, INITIALIZED, legacy, modern } from "./fixtures/messages.ts";
import { createMemorySource, simpleTool } from "./fixtures/memory-source.ts";
import { openRawStdio } from "./fixtures/raw-stdio.ts";

describe.each(["legacy", "modern"])("what passes through on the wire, %s", (era) => {
  const request = era === "legacy" ? legacy : modern;

  async function ask(source: ReturnType<typeof createMemorySource>, method: string, params: JsonObject = {}) {
    const raw = openRawStdio(source);
    onTestFinished(() => raw.service.close());
    if (era === "legacy") {
      raw.send(INITIALIZE);
      raw.send(INITIALIZED);
    }
    raw.send(request(1, method, params));
    return (await raw.next(answers(1)))["result"] as JsonObject & { tools: JsonObject[] };
  }

  it("keeps unknown fields of tools, in the source's order", async () => {
    const source = createBehaviourSource();
    const { tools } = await ask(source, "tools/list");
    expect(tools.map(({ name }) => name)).toEqual(source.tools.map(({ name }) => name));
    expect(tools[0]).toEqual(source.tools[0]);
    expect(Object.keys(tools[0]!)).toEqual(Object.keys(source.tools[0]!));
  });

  it("says how long the list may be cached, where the revision knows of it", async () => {
    const result = await ask(createBehaviourSource(), "tools/list");
    expect([result["ttlMs"], result["cacheScope"]]).toEqual(
      era === "modern" ? [60_000, "private"] : [undefined, undefined],
    );
  });

  it("keeps unknown fields of a result, but not what belongs to the hop behind", async () => {
    const result = await ask(createBehaviourSource(), "tools/call", {
      name: "echo",
      arguments: { text: "hi" },
    });
    const serverInfo = { name: "fixture", version: "1.2.3" };
    expect(result).toEqual({
      content: [
        {
          type: "text",
          text: "hi",
          vendorBlock: 1,
          annotations: { audience: ["user"], vendor: 2 },
        },
      ],
      structuredContent: { text: "hi" },
      vendorResult: { deep: [1] },
      ...(era === "modern" && { resultType: "complete" }),
      _meta: {
        "example/kept": true,
        ...(era === "modern" && { "io.modelcontextprotocol/serverInfo": serverInfo }),
      },
    });
  });

  it("keeps every known kind of block as it is", async () => {
    const content = [
      { type: "text", text: "", extra: 1 },
      { type: "image", data: "AAAA", mimeType: "image/png", extra: 1 },
      { type: "audio", data: "AAAA", mimeType: "audio/wav", extra: 1 },
      { type: "resource_link", uri: "file:///a", name: "a", extra: 1 },
      { type: "resource", resource: { uri: "file:///a", text: "a", extra: 1 }, extra: 1 },
    ];
    const source = createMemorySource([simpleTool("all", () => ({ content }))]);
    expect((await ask(source, "tools/call", { name: "all" }))["content"]).toEqual(content);
  });

  it("turns blocks that clients would reject into text", async () => {
    const content = [
      { type: "image", data: "not base64!", mimeType: "image/png" },
      { type: "text", text: "kept", annotations: { priority: 7 } },
      { type: "novel", body: "x".repeat(70_000) },
      null as never,
    ];
    const source = createMemorySource([simpleTool("odd", () => ({ content }))]);
    const result = await ask(source, "tools/call", { name: "odd" });
    const texts = (result["content"] as JsonObject[]).map((block) => block["text"] as string);
    expect(texts[0]).toBe(`Content of the type "image", as JSON: ${JSON.stringify(content[0])}`);
    expect(result["content"]).toContainEqual({ type: "text", text: "kept" });
    expect(texts[2]).toMatch(/^Content of the type "novel", as JSON: \{.*… \(\d+ more characters\)$/);
    expect(texts[2]!.length).toBeLessThan(66_000);
    expect(texts[3]).toBe("Content of the type none, as JSON: null");
  });

  it("sends progress under the client's token, growing, and before the result", async () => {
    const raw = openRawStdio(createBehaviourSource());
    onTestFinished(() => raw.service.close());
    if (era === "legacy") raw.send(INITIALIZE);
    const call = request(1, "tools/call", { name: "steps" });
    const params = call["params"] as JsonObject;
    params["_meta"] = { ...(params["_meta"] as JsonObject), progressToken: "mine" };
    raw.send(call);
    await raw.next((message) => (message["params"] as JsonObject | undefined)?.["progress"] === 4);
    raw.send(request(2, "tools/call", { name: "release" }));
    await raw.next(answers(1));
    const progress = raw.received.filter(({ method }) => method === "notifications/progress");
    expect(progress.map(({ params }) => params)).toEqual(
      [1, 3, 4].map((value) => ({ progressToken: "mine", progress: value, total: 4 })),
    );
  });
});
