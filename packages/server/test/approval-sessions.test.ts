import { inspect } from "node:util";
import type { JsonObject, LogEntry } from "@mcp-optimizer/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApprovalSource, PRIVATE_NOTE } from "./fixtures/approval-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { answers, INITIALIZE, INITIALIZED, legacy } from "./fixtures/messages.ts";
import { PATIENT } from "./fixtures/patient.ts";
import { openStream, POST_HEADERS, send } from "./fixtures/raw-http.ts";
import { openRawStdio } from "./fixtures/raw-stdio.ts";

const ARGS = { amount: 5, note: PRIVATE_NOTE };
const OPENING = {
  ...INITIALIZE,
  params: { ...(INITIALIZE["params"] as JsonObject), capabilities: { elicitation: {} } },
};
const isQuestion = ({ method }: JsonObject): boolean => method === "elicitation/create";
const transfer = (id: number): JsonObject => legacy(id, "tools/call", { name: "transfer", arguments: ARGS });
const answer = (id: unknown, result: JsonObject): JsonObject => ({
  jsonrpc: "2.0",
  id: id as number,
  result,
});
const YES = { action: "accept", content: { approve: true } };

/** A client of revision 2025-11-25 on stdio, of which the test writes every message. */
async function open(source = createApprovalSource()) {
  const entries: LogEntry[] = [];
  const raw = openRawStdio(source, { log: (entry) => void entries.push(entry) });
  onTestFinished(() => raw.service.close());
  raw.send(OPENING);
  await raw.next(answers(0));
  raw.send(INITIALIZED);
  return { ...raw, source, entries };
}

/** A session of revision 2025-11-25; `ask` makes a call and returns its stream once a person was asked on it. */
async function openSession(url: string) {
  const opened = await send(url, { headers: POST_HEADERS, body: JSON.stringify(OPENING) });
  const headers = {
    ...POST_HEADERS,
    "mcp-session-id": opened.headers["mcp-session-id"] as string,
    "mcp-protocol-version": "2025-11-25",
  };
  const post = (message: JsonObject) => send(url, { headers, body: JSON.stringify(message) });
  await post(INITIALIZED);
  const ask = async (message: JsonObject) => {
    const stream = await openStream(url, { headers, body: JSON.stringify(message) });
    await expect.poll(stream.text, PATIENT).toContain("elicitation/create");
    const [, json] = /^data: (.*elicitation\/create.*)$/m.exec(stream.text())!;
    return { stream, question: JSON.parse(json!) as { id: number; params: { message: string } } };
  };
  return { post, ask };
}

describe("a client of a revision before 2026-07-28, asked for an approval", () => {
  it("whose connection breaks is asked again in another session, by the id of the run", async () => {
    const source = createApprovalSource();
    const { url } = await startHttp({}, source);
    const first = await openSession(url);
    const { stream, question } = await first.ask(transfer(1));
    stream.destroy();
    await stream.closed;
    const [, run] = /^The run (\S+) wants/.exec(question.params.message)!;
    const second = await openSession(url);
    const again = await second.ask(legacy(1, "tools/call", { name: "run_code", arguments: { run: run! } }));
    expect(again.question.params.message).toContain(PRIVATE_NOTE);
    expect(source.ledger).toEqual([]);
    await second.post(answer(again.question.id, YES));
    await expect.poll(again.stream.text, PATIENT).toContain(`transferred by ${run}`);
    expect(source.ledger).toEqual([ARGS]);
  });

  it("can still answer in its session when only the stream of the question broke", async () => {
    const source = createApprovalSource();
    const { url } = await startHttp({}, source);
    const session = await openSession(url);
    const { stream, question } = await session.ask(transfer(1));
    stream.destroy();
    await stream.closed;
    expect((await session.post(answer(question.id, YES))).status).toBe(202);
    await expect.poll(() => source.ledger, PATIENT).toEqual([ARGS]);
  });

  it("that cancels its request is not asked any longer, and nothing is done", async () => {
    const { send: write, next, source } = await open();
    write(transfer(1));
    const question = await next(isQuestion);
    write({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
    expect(await next(({ method }) => method === "notifications/cancelled")).toMatchObject({
      params: { requestId: question["id"] },
    });
    write(answer(question["id"], YES));
    write(legacy(2, "ping"));
    await next(answers(2));
    expect([source.ledger, source.calls.length]).toEqual([[], 1]);
  });

  it("is asked at most eight times for one call", async () => {
    const { send: write, next, source } = await open();
    write(legacy(1, "tools/call", { name: "endless", arguments: ARGS }));
    for (let round = 0; round < 8; round += 1) write(answer((await next(isQuestion))["id"], YES));
    expect(await next(answers(1))).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining("approval_required") }] },
    });
    expect(source.calls).toHaveLength(9);
  });

  it("gets the reason when it refuses to ask, or its user takes too long", async () => {
    const refusing = await open();
    refusing.send(transfer(1));
    const { id } = await refusing.next(isQuestion);
    refusing.send({ jsonrpc: "2.0", id: id as number, error: { code: -32_601, message: "no" } });
    const required = { result: { content: [{ text: expect.stringContaining("approval_required") }] } };
    expect(await refusing.next(answers(1))).toMatchObject(required);
    const slow = await open(createApprovalSource(Date, 20));
    slow.send(transfer(1));
    expect(await slow.next(answers(1))).toMatchObject(required);
    expect([refusing.source.ledger, slow.source.ledger]).toEqual([[], []]);
  });

  it("finds nothing of the plan in any log", async () => {
    const { send: write, next, entries } = await open();
    write(transfer(1));
    write(answer((await next(isQuestion))["id"], { action: "decline" }));
    await next(answers(1));
    write(transfer(2));
    const { id } = await next(isQuestion);
    write({ jsonrpc: "2.0", id: id as number, error: { code: -32_601, message: "no" } });
    await next(answers(2));
    expect(entries.map(({ message }) => message)).toEqual([
      "A tool call failed.",
      "A person could not be asked.",
    ]);
    expect(inspect(entries, { depth: null })).not.toContain(PRIVATE_NOTE);
  });
});
