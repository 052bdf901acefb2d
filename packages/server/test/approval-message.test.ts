import type { ApprovalRequest, PlannedCall } from "@mcp-optimizer/contracts";
import { describe, expect, it } from "vitest";
import { approvalMessage } from "../src/approvals/approval-message.ts";

const call = (more: Partial<PlannedCall> = {}): PlannedCall => ({
  tool: "mail.send",
  args: { to: "a@example.org" },
  effect: "write",
  asked: true,
  reason: "",
  ...more,
});
const message = (calls: readonly PlannedCall[], more: Partial<ApprovalRequest> = {}): string =>
  approvalMessage({ runId: "r_1", calls, complete: true, expiresAt: 0, ...more });

describe("what a person reads before they decide", () => {
  it("says what would be done, in order, and until when an answer counts", () => {
    const calls = [
      call({ tool: "mail.list", effect: "read", asked: false, reason: "reads are allowed", args: {} }),
      call({ args: { to: ["a", "b"], cc: null } }),
    ];
    expect(message(calls, { complete: false })).toBe(
      [
        "The run r_1 wants to make 2 calls, and asks for your approval of 1 of them. Nothing of it has been done.",
        "1. mail.list (read: reads are allowed)",
        "   without arguments",
        "2. mail.send (write, needs approval)",
        '   to: ["a","b"], cc: null',
        "This is not the whole plan: the program could not be followed to its end, and may ask again.",
        "An answer is taken until 1970-01-01T00:00:00.000Z.",
      ].join("\n"),
    );
    expect(message([call()])).toContain("asks for your approval of it.");
    expect(message([call(), call()])).toContain("asks for your approval of all of them.");
    expect(message([call()])).toContain("This is the whole plan.");
  });

  it("does not let a long argument hide another", () => {
    const text = message([call({ args: { body: "x".repeat(10_000), bcc: "thief@example.org" } })]);
    expect(text).toContain("… (9842 more characters), bcc: ");
    expect(text).toContain("thief@example.org");
  });

  it("stays short, and says what it leaves out", () => {
    const big = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`name${at}`, "y".repeat(500)]));
    const text = message([
      ...Array.from({ length: 30 }, () => call({ tool: "mail.list", effect: "read", asked: false })),
      ...Array.from({ length: 30 }, () => call({ args: big })),
    ]);
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain("… and 28 arguments more");
    expect(text).toContain("31. mail.send");
    expect(text).toMatch(/… and \d+ calls more, not shown; approval is asked of \d+ of those\./);
    expect(text).not.toContain("mail.list");
  });

  it("shows what cannot be seen, and lets nothing be turned around", () => {
    const text = message([
      call({
        tool: "mail.send\n2. harmless",
        reason: "\u202Etxet",
        args: { "to\u200B": "a\u2066b", c: "\u0007" },
      }),
    ]);
    expect(text).toContain("1. mail.send\\u{a}2. harmless (write, needs approval: \\u{202e}txet)");
    expect(text).toContain('to\\u{200b}: "a\\u{2066}b", c: "\\u0007"');
    expect(text.split("\n")).toHaveLength(5);
  });
});
