import type { ToolProvider } from "@mcp-optimizer/contracts";
import { expect, test } from "vitest";
import { unknownPolicyNames } from "../../src/policy/policy-names.ts";

const inputSchema = { type: "object" };
const SERVERS: readonly Pick<ToolProvider, "name" | "status" | "tools">[] = [
  { name: "git", status: { state: "ready" }, tools: [{ name: "git_log", inputSchema }] },
  { name: "slow", status: { state: "connecting" }, tools: [] },
];

test("names what no server has, and where it stands", () => {
  const problems = unknownPolicyNames(
    {
      rules: [
        { decide: "deny", server: "git", tool: "git_push" },
        { decide: "deny", tool: "git_l*" },
        { decide: "deny", server: "slow", tool: "anything" },
        { decide: "ask", server: "intents", tool: "report" },
        { decide: "ask", effect: ["write"] },
      ],
      effects: { "git.git_lgo": "read", "git.*": "read", "slow.x": "read", "*.x": "read" },
      repeatable: ["git.nope"],
      idempotencyKeys: { "git.git_log": "key" },
    },
    SERVERS,
    [{ where: "inverses", name: "other.undo" }],
  );
  expect(problems).toEqual([
    'policy.rules[0] names the tool "git_push", which git does not have',
    'policy.effects names "git.git_lgo", which no server has',
    'policy.repeatable names "git.nope", which no server has',
    'inverses names "other.undo", which no server has',
  ]);
});

test("a rule for any server may be about an intent", () => {
  const [git] = SERVERS;
  expect(unknownPolicyNames({ rules: [{ decide: "deny", tool: "x" }] }, [git!])).toEqual([]);
  expect(unknownPolicyNames({ rules: [{ decide: "deny", server: "g*", tool: "x" }] }, [git!])).toEqual([
    'policy.rules[0] names the tool "x", which g* does not have',
  ]);
});
