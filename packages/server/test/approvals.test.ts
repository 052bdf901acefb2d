import type { Client, ElicitRequest, ElicitResult } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRIVATE_NOTE } from "./fixtures/approval-source.ts";
import { connectClient, type Connected, type Mode, type Wire } from "./fixtures/real-client.ts";

const CASES: [Wire, Mode][] = [
  ["stdio", "legacy"],
  ["stdio", "pinned"],
  ["http", "legacy"],
  ["http", "pinned"],
];
const ARGS = { amount: 5, note: PRIVATE_NOTE };
const YES: ElicitResult = { action: "accept", content: { approve: true } };
const NOES: ElicitResult[] = [
  { action: "accept", content: { approve: false } },
  { action: "accept", content: {} },
  { action: "decline" },
  { action: "cancel" },
];

describe.each(CASES)("a person, asked through the SDK's client over %s, %s", (wire, mode) => {
  const asked: ElicitRequest["params"][] = [];
  const answers: ElicitResult[] = [];
  let connected: Connected;
  let client: Client;

  beforeAll(async () => {
    const capabilities = { elicitation: { form: {} } };
    connected = await connectClient(wire, mode, { capabilities }, "approvals", (each) => {
      each.setRequestHandler("elicitation/create", ({ params }) => {
        asked.push(params);
        return answers.shift()!;
      });
    });
    client = connected.client;
  });
  afterAll(() => connected.close());

  const call = async (name: string, ...given: ElicitResult[]) => {
    asked.length = 0;
    answers.splice(0, answers.length, ...given);
    return await client.callTool({ name, arguments: ARGS });
  };
  const ledger = async (of = client) => (await of.callTool({ name: "ledger" })).content;

  it("does not allow what is not clearly allowed", async () => {
    for (const no of NOES) {
      expect(await call("transfer", no)).toMatchObject({
        isError: true,
        content: [{ text: "approval_rejected: This was not approved: a person said no" }],
      });
      expect(asked).toHaveLength(1);
    }
    expect(await ledger()).toMatchObject([{ text: "[]" }]);
  });

  it("sees what is planned, and allows it", async () => {
    const result = await call("transfer", YES);
    expect(result).toMatchObject({ content: [{ text: expect.stringMatching(/^transferred by r_\d+$/) }] });
    expect(await ledger()).toMatchObject([{ text: JSON.stringify([ARGS]) }]);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.message).toContain(
      `1. bank.transfer (write, needs approval: writes are asked about)\n   amount: 5, note: "${PRIVATE_NOTE}"`,
    );
    expect(asked[0]).toMatchObject({
      requestedSchema: { properties: { approve: { type: "boolean" } }, required: ["approve"] },
    });
  });

  it("is asked as often as the run needs it", async () => {
    const result = await call("twice", YES, YES);
    expect(result).toMatchObject({ content: [{ text: expect.stringContaining("transferred") }] });
    expect(asked).toHaveLength(2);
  });

  it("cannot be asked by a client without forms, which is told what to do", async () => {
    const { client: other, close } = await connectClient(wire, mode, {}, "approvals");
    try {
      expect(await other.callTool({ name: "transfer", arguments: ARGS })).toMatchObject({
        isError: true,
        content: [{ text: 'approval_required: ask again with run_code({ run: "r_1" })' }],
      });
      expect(await ledger(other)).toMatchObject([{ text: "[]" }]);
    } finally {
      await close();
    }
  });
});
