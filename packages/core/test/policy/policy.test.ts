import type { Effect, ToolAnnotations } from "@mcp-optimizer/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPolicy } from "../../src/policy/check-policy.ts";
import { decideCall, isDenied, mayAsk, type CallInQuestion } from "../../src/policy/decide-call.ts";
import { PolicySettingsSchema, type PolicyRule, type PolicySettings } from "../../src/policy/policy-rules.ts";
import { isRepeatable, toolEffect } from "../../src/policy/tool-effect.ts";
import { coversWildcard, fitsWildcard } from "../../src/policy/wildcard.ts";

const CALL: CallInQuestion = {
  server: "files",
  tool: "write_file",
  effect: "write",
  tenant: "t",
  scopes: ["files:read", "files:write"],
  args: { path: "/etc/passwd", options: { mode: 7 } },
};

describe("wildcards", () => {
  const letters = fc.stringMatching(/^[ab*]{0,8}$/);
  const asRegExp = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "s");

  test("fit as a regular expression says", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab]{0,8}$/), letters, (text, pattern) => {
        expect(fitsWildcard(text, pattern)).toBe(asRegExp(pattern).test(text));
      }),
    );
  });

  test("cover only what they fit", () => {
    fc.assert(
      fc.property(letters, letters, fc.stringMatching(/^[ab]{0,6}$/), (wide, narrow, text) => {
        fc.pre(coversWildcard(wide, narrow) && fitsWildcard(text, narrow));
        expect(fitsWildcard(text, wide)).toBe(true);
      }),
    );
  });

  test("take no time that grows with the pattern's stars", () => {
    expect(fitsWildcard("a".repeat(100_000), `${"*a".repeat(120)}*b`)).toBe(false);
  });
});

describe("effects", () => {
  const effectOf = (annotations: ToolAnnotations, settings: PolicySettings = {}): Effect =>
    toolEffect({ server: "git", name: "git_log", annotations }, settings);

  test.each<[string, ToolAnnotations, Effect, Effect]>([
    ["nothing said", {}, "unknown", "unknown"],
    ["says that it reads", { readOnlyHint: true }, "unknown", "read"],
    ["says that it destroys", { destructiveHint: true }, "destructive", "destructive"],
    ["says that it writes only", { readOnlyHint: false, destructiveHint: false }, "unknown", "write"],
    ["says that it does not read only", { readOnlyHint: false }, "unknown", "write"],
    ["contradicts itself", { readOnlyHint: true, destructiveHint: true }, "destructive", "read"],
  ])("a tool of which the server %s", (_name, annotations, untrusted, trusted) => {
    expect(effectOf(annotations)).toBe(untrusted);
    expect(effectOf(annotations, { trustAnnotations: ["g*"] })).toBe(trusted);
  });

  test("are what the policy says, first pattern first", () => {
    const settings: PolicySettings = { effects: { "git.git_log": "read", "git.*": "destructive" } };
    expect(effectOf({ destructiveHint: true }, settings)).toBe("read");
    expect(toolEffect({ server: "git", name: "git_push", annotations: {} }, settings)).toBe("destructive");
  });

  test("may be declared harmless to repeat", () => {
    expect(
      isRepeatable({ server: "redis", name: "set", annotations: {} }, { repeatable: ["redis.s*"] }),
    ).toBe(true);
    expect(isRepeatable({ server: "redis", name: "get", annotations: {} }, {})).toBe(false);
  });
});

describe("rules", () => {
  test.each<[string, PolicySettings, string]>([
    ["nothing said", {}, "allow"],
    ["a default", { default: { write: "ask" } }, "ask"],
    ["a default of another effect", { default: { destructive: "deny" } }, "allow"],
    [
      "a rule before the default",
      { default: { write: "deny" }, rules: [{ decide: "allow", tool: "write_*" }] },
      "allow",
    ],
    [
      "the first of two",
      {
        rules: [
          { decide: "ask", server: "files" },
          { decide: "deny", tool: "*" },
        ],
      },
      "ask",
    ],
    ["another server", { rules: [{ decide: "deny", server: "git" }] }, "allow"],
    ["an effect", { rules: [{ decide: "deny", effect: ["write", "unknown"] }] }, "deny"],
    ["a tenant", { rules: [{ decide: "deny", tenant: "t" }] }, "deny"],
    ["a session that the call has not", { rules: [{ decide: "deny", session: "*" }] }, "allow"],
    ["a scope that the caller has", { rules: [{ decide: "deny", scope: "files:w*" }] }, "deny"],
    ["a scope that the caller has not", { rules: [{ decide: "deny", scope: "admin" }] }, "allow"],
    ["an argument", { rules: [{ decide: "deny", args: { path: "/etc/*" } }] }, "deny"],
    ["an argument inside", { rules: [{ decide: "deny", args: { "options.mode": "7" } }] }, "deny"],
    ["an argument that is not there", { rules: [{ decide: "deny", args: { "path.x": "*" } }] }, "allow"],
    ["an argument's own name only", { rules: [{ decide: "deny", args: { constructor: "*" } }] }, "allow"],
  ])("%s", (_name, settings, decided) => {
    expect(decideCall(CALL, settings).decide).toBe(decided);
  });

  test("tell their reason", () => {
    expect(decideCall(CALL, { rules: [{ decide: "deny", reason: "not on Fridays" }] }).reason).toBe(
      "not on Fridays",
    );
    expect(decideCall(CALL, { default: { write: "deny" } }).reason).toBe(
      "files.write_file is a tool that writes",
    );
  });

  test("hide a tool that no call can reach, and no other", () => {
    expect(isDenied(CALL, { rules: [{ decide: "deny", tool: "write_file" }] })).toBe(true);
    expect(isDenied(CALL, { rules: [{ decide: "deny", args: { path: "/etc/*" } }] })).toBe(false);
    expect(isDenied(CALL, { default: { write: "deny" } })).toBe(true);
    const mostly: PolicyRule[] = [
      { decide: "allow", args: { path: "/tmp/*" } },
      { decide: "deny", server: "files" },
    ];
    expect(isDenied(CALL, { rules: mostly })).toBe(false);
    const scoped: PolicySettings = { rules: [{ decide: "allow", scope: "files:write" }, { decide: "deny" }] };
    expect(isDenied(CALL, scoped)).toBe(false);
    expect(isDenied({ ...CALL, scopes: ["files:read"] }, scoped)).toBe(true);
    expect(isDenied({ ...CALL, scopes: undefined }, scoped)).toBe(true);
    expect(mayAsk(CALL, { rules: [{ decide: "ask", scope: "files:write" }] })).toBe(true);
    expect(mayAsk({ ...CALL, scopes: [] }, { rules: [{ decide: "ask", scope: "files:write" }] })).toBe(false);
    expect(isDenied({ ...CALL, tenant: "u" }, { rules: [{ decide: "deny", tenant: "t" }] })).toBe(false);
  });

  test("agree with the calls: a hidden tool is refused whatever its arguments", () => {
    const rule = fc.record(
      {
        decide: fc.constantFrom("allow", "ask", "deny"),
        server: fc.constantFrom("files", "git", "*"),
        tool: fc.constantFrom("write_file", "w*", "x"),
        args: fc.constantFrom({ path: "/etc/*" }, { path: "x" }),
        session: fc.constantFrom("s", "*"),
        scope: fc.constantFrom("files:write", "admin", "*"),
      },
      { requiredKeys: ["decide"] },
    ) as fc.Arbitrary<PolicyRule>;
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), fc.constantFrom("/etc/a", "x", "y"), (rules, path) => {
        const settings: PolicySettings = { rules, default: { write: "deny" } };
        if (!isDenied(CALL, settings)) return;
        expect(decideCall({ ...CALL, args: { path } }, settings).decide).toBe("deny");
        expect(decideCall({ ...CALL, session: "s", args: { path } }, settings).decide).toBe("deny");
      }),
    );
  });

  test.each<[string, PolicyRule[], RegExp]>([
    ["a server that is not there", [{ decide: "deny", server: "gti" }], /rules\[0\].*no server "gti"/],
    [
      "one after a rule for all",
      [{ decide: "allow" }, { decide: "deny", tool: "x" }],
      /rules\[1\].*rules\[0\]/,
    ],
    [
      "a twin",
      [
        { decide: "ask", tool: "a*" },
        { decide: "deny", tool: "ab" },
      ],
      /rules\[1\].*rules\[0\]/,
    ],
    [
      "a narrower scope",
      [
        { decide: "ask", scope: "files:*" },
        { decide: "deny", scope: "files:write", tool: "a" },
      ],
      /rules\[1\]/,
    ],
    [
      "a narrower effect",
      [
        { decide: "ask", effect: ["write", "read"] },
        { decide: "deny", effect: ["read"] },
      ],
      /rules\[1\]/,
    ],
  ])("that can never apply are named: %s", (_name, rules, says) => {
    const { path, message } = checkPolicy({ rules }, ["git", "files"])!;
    expect(`${path[0]}[${path[1]}] ${message}`).toMatch(says);
  });

  test.each<[string, PolicySettings, readonly (string | number)[], RegExp]>([
    ["a flow from nowhere", { flows: [{ from: "gti", to: "*" }] }, ["flows", 0, "from"], /no server "gti"/],
    ["a flow to nowhere", { flows: [{ from: "*", to: "gti" }] }, ["flows", 0, "to"], /there are git, files/],
    ["a flow that stays", { flows: [{ from: "git", to: "git" }] }, ["flows", 0], /stays in "git"/],
    ["trust in nobody", { trustAnnotations: ["git", "gti"] }, ["trustAnnotations", 1], /no server "gti"/],
    ["an effect without a server", { effects: { git_log: "read" } }, ["effects", "git_log"], /server\.tool/],
    ["a repeatable tool of nobody", { repeatable: ["gti.x"] }, ["repeatable", 0], /git, files/],
    [
      "a key for nobody",
      { idempotencyKeys: { "gti*.x": "k" } },
      ["idempotencyKeys", "gti*.x"],
      /server\.tool/,
    ],
  ])("parts that can never apply are named: %s", (_name, settings, path, says) => {
    expect(checkPolicy(settings, ["git", "files"])).toEqual({ path, message: expect.stringMatching(says) });
  });

  test("that can apply are let be", () => {
    const rules: PolicyRule[] = [
      { decide: "allow", server: "git", args: { path: "/a/*" } },
      { decide: "deny", server: "git" },
      { decide: "ask", tool: "*_file", scope: "files" },
      { decide: "allow", tool: "*_file" },
      { decide: "deny", tool: "*" },
    ];
    expect(checkPolicy({ rules }, ["git"])).toBeUndefined();
    const parts: PolicySettings = {
      flows: [{ from: "g*", to: "*" }],
      trustAnnotations: ["*t"],
      effects: { "git.git_log": "read", "*.delete_*": "destructive", "g*log": "read" },
      repeatable: ["git.*"],
      idempotencyKeys: { "*": "key" },
    };
    expect(checkPolicy(parts, ["git"])).toBeUndefined();
  });

  test.each([
    { rules: [{ decide: "maybe" }] },
    { rules: [{ decide: "deny", servr: "git" }] },
    { default: { reads: "allow" } },
    { effects: { "git.*": "writes" } },
    { rules: [{ decide: "deny", effect: [] }] },
  ])("are refused when they are misspelt: %j", (settings) => {
    expect(PolicySettingsSchema.safeParse(settings).success).toBe(false);
  });
});
