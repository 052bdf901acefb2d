import type { JsonObject } from "@mcp-optimizer/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApprovalSource, PRIVATE_NOTE, type ApprovalSource } from "./fixtures/approval-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { createManualClock } from "./fixtures/manual-clock.ts";
import { answers, modern } from "./fixtures/messages.ts";
import { modernHeaders, send } from "./fixtures/raw-http.ts";
import { connectClient, createClient } from "./fixtures/real-client.ts";
import { openRawStdio } from "./fixtures/raw-stdio.ts";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const ARGS = { amount: 5, note: PRIVATE_NOTE };
const YES = { approval: { action: "accept", content: { approve: true } } };
const FORMS = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } };

/** A server, and a client of revision 2026-07-28 of which the test writes every request. */
async function start(source: ApprovalSource = createApprovalSource()) {
  const { url } = await startHttp({}, source);
  const call = async (name: string, args: JsonObject, more: JsonObject = {}): Promise<JsonObject> => {
    const body = JSON.stringify(modern(1, "tools/call", { name, arguments: args, ...more }, FORMS));
    return (await send(url, { headers: modernHeaders("tools/call", name), body })).json!;
  };
  const ask = async (name = "transfer", args: JsonObject = ARGS): Promise<string> => {
    const { result } = await call(name, args);
    expect(result).toMatchObject({ resultType: "input_required", requestState: expect.any(String) });
    return (result as { requestState: string }).requestState;
  };
  return { source, call, ask };
}

describe("the state of a request for approval", () => {
  it("is enough for another connection to go on with", async () => {
    const { source, call, ask } = await start();
    const requestState = await ask();
    expect(source.ledger).toEqual([]);
    expect(await call("transfer", ARGS, { requestState, inputResponses: YES })).toMatchObject({
      result: { resultType: "complete", content: [{ text: "transferred by r_1" }] },
    });
    expect(source.ledger).toEqual([ARGS]);
    expect(source.calls.map(({ options }) => options.approval?.approved)).toEqual([undefined, true]);
  });

  it("is enough for another process to go on with", async () => {
    const capabilities = { elicitation: { form: {} } };
    const options = { capabilities, inputRequired: { autoFulfill: false } };
    const first = await connectClient("stdio", "pinned", options, "approvals");
    const request = { method: "tools/call", params: { name: "transfer", arguments: ARGS } } as const;
    const asked = await first.client.request(request, { allowInputRequired: true });
    await first.close();
    const second = await connectClient("stdio", "pinned", options, "approvals");
    onTestFinished(second.close);
    const { requestState } = asked as { requestState?: string };
    expect(requestState).toEqual(expect.any(String));
    const params = { ...request.params, requestState, inputResponses: YES };
    expect(await second.client.request({ ...request, params })).toMatchObject({
      content: [{ text: "transferred by r_1" }],
    });
  });

  it.each([
    ["forged", () => "bm90IG91cnM.bm90IG91cnM"],
    ["empty", () => ""],
    ["altered", (state: string) => `A${state.slice(1)}`],
    ["cut", (state: string) => state.slice(0, -1)],
  ])("is refused when it is %s, and nothing is done", async (_what, change) => {
    const { source, call, ask } = await start();
    const requestState = change(await ask());
    expect(await call("transfer", ARGS, { requestState, inputResponses: YES })).toMatchObject({
      error: {
        code: -32_602,
        message: expect.stringContaining("its state was not issued here"),
        data: { code: "approval_rejected" },
      },
    });
    expect(source.ledger).toEqual([]);
  });

  it("is refused as an error of the request even if the answer is no", async () => {
    const { call, ask } = await start();
    await ask();
    const inputResponses = { approval: { action: "decline" } };
    expect(await call("transfer", ARGS, { requestState: "a.b", inputResponses })).toMatchObject({
      error: { code: -32_602, data: { code: "approval_rejected" } },
    });
  });

  it("is refused with other arguments, for another tool, and when it is too old", async () => {
    const clock = createManualClock();
    const { source, call, ask } = await start(createApprovalSource(clock, 1_000));
    const answer = { requestState: await ask(), inputResponses: YES };
    const refused = (words: string) => ({
      error: { code: -32_602, message: expect.stringContaining(words) },
    });
    expect(await call("transfer", { ...ARGS, amount: 500 }, answer)).toMatchObject(refused("other work"));
    expect(await call("twice", ARGS, answer)).toMatchObject(refused("other work"));
    clock.advance(1_001);
    expect(await call("transfer", ARGS, answer)).toMatchObject(refused("too late"));
    expect(source.ledger).toEqual([]);
  });

  it.each([
    ["no answer", {}],
    ["an answer to something else", { inputResponses: { other: YES.approval } }],
    ["an answer of another kind", { inputResponses: { approval: { roots: [] } } }],
    ["a wrapped answer", { inputResponses: { approval: { method: "x", result: YES.approval } } }],
  ])("leads to the same question again when it comes with %s", async (_what, more) => {
    const { source, call, ask } = await start();
    const requestState = await ask();
    expect(await call("transfer", ARGS, { requestState, ...more })).toMatchObject({
      result: { resultType: "input_required" },
    });
    expect(source.ledger).toEqual([]);
  });

  it("is asked for when there is an answer only", async () => {
    const { source, call } = await start();
    expect(await call("transfer", ARGS, { inputResponses: YES })).toMatchObject({
      result: { resultType: "input_required" },
    });
    expect(source.ledger).toEqual([]);
  });

  it("is given only to a client that shows forms", async () => {
    const { url } = await startHttp({}, createApprovalSource());
    for (const elicitation of [undefined, { url: {} }]) {
      const capabilities = {
        "io.modelcontextprotocol/clientCapabilities": { ...(elicitation && { elicitation }) },
      };
      const body = JSON.stringify(
        modern(1, "tools/call", { name: "transfer", arguments: ARGS }, capabilities),
      );
      const { json } = await send(url, { headers: modernHeaders("tools/call", "transfer"), body });
      expect(json).toMatchObject({ result: { resultType: "complete", isError: true } });
    }
  });
});

describe("the caller of a tool", () => {
  it("is the local tenant, with the session that its client has", async () => {
    const source = createApprovalSource();
    const { url } = await startHttp({}, source);
    const legacy = createClient("legacy");
    const transport = new StreamableHTTPClientTransport(new URL(url));
    await legacy.connect(transport);
    await legacy.callTool({ name: "transfer", arguments: {} });
    await legacy.close();
    const raw = openRawStdio(source);
    onTestFinished(() => raw.service.close());
    for (const id of [1, 2]) raw.send(modern(id, "tools/call", { name: "transfer", arguments: {} }));
    await raw.next(answers(1));
    await raw.next(answers(2));
    for (const name of ["mine", "not a name", undefined]) {
      const meta = name === undefined ? {} : { "mcp-optimizer/session": name };
      const body = JSON.stringify(modern(1, "tools/call", { name: "transfer", arguments: {} }, meta));
      await send(url, { headers: modernHeaders("tools/call", "transfer"), body });
    }
    expect(source.calls.map(({ options }) => options.tenant)).toEqual(
      Array.from({ length: 6 }, () => "local"),
    );
    const [first, second, third, ...modernOnes] = source.calls.map(({ options }) => options.session);
    expect(first).toBe(transport.sessionId);
    expect(second).toEqual(expect.any(String));
    expect(third).toBe(second);
    expect(modernOnes).toEqual(["mine", undefined, undefined]);
    // What programs keep follows what we named, never what a client did.
    const connections = source.calls.map(({ options }) => options.connection);
    expect(connections).toEqual([first, second, second, undefined, undefined, undefined]);
  });
});
