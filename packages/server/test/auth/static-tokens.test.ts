import { OptimizerError } from "@mcp-optimizer/contracts";
import { createStaticTokens, newStaticToken, type StaticToken } from "@mcp-optimizer/server";
import { describe, expect, test } from "vitest";
import { createManualClock } from "../fixtures/manual-clock.ts";

const first = newStaticToken();
const second = newStaticToken();
const REFUSED = expect.objectContaining({ refused: "invalid_token" });

describe("static tokens", () => {
  test("are 256 random bits under a prefix, of which the hash alone is kept", () => {
    expect(first.token).toMatch(/^mcpo_[\w-]{43}$/);
    expect(first.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(second.token).not.toBe(first.token);
    const { token, hash } = newStaticToken(() => Buffer.alloc(32));
    expect(token).toBe(`mcpo_${"A".repeat(43)}`);
    expect(hash).toBe("sha256:fbc0ec6c162d6928c47cda7f90a4e0889c48fb2f0cbbe2de41bc9b1997bcd492");
  });

  test("name a tenant of their own unless it is said, and grant what they are said to", async () => {
    const verifier = createStaticTokens([
      { name: "ci", hash: first.hash },
      { name: "ada", hash: second.hash, tenant: "team", principal: "ada@example.com", scopes: ["git:write"] },
    ]);
    expect(await verifier.verify(first.token)).toEqual({ tenant: "ci", principal: "ci", scopes: [] });
    expect(await verifier.verify(second.token)).toEqual({
      tenant: "team",
      principal: "ada@example.com",
      scopes: ["git:write"],
    });
    expect(await verifier.verify(newStaticToken().token)).toEqual(REFUSED);
  });

  test.each(["", "mcpo_", "secret", `mcpo_${"a".repeat(42)}`, `mcpo_${"a".repeat(44)}`, `${first.token} `])(
    "are not what somebody thought of: %j",
    (text) => expect(createStaticTokens([]).takes(text)).toBe(false),
  );

  test("end when they are said to", async () => {
    const clock = createManualClock();
    const verifier = createStaticTokens([{ name: "ci", hash: first.hash, expires: "1970-01-02" }], clock);
    expect(await verifier.verify(first.token)).toMatchObject({ tenant: "ci", expiresAt: 86_400_000 });
    clock.advance(86_400_000);
    expect(await verifier.verify(first.token)).toEqual(REFUSED);
  });

  test.each<[string, StaticToken[], RegExp]>([
    ["a token instead of its hash", [{ name: "ci", hash: first.token }], /"ci".*no hash.*auth token/],
    ["a short hash", [{ name: "ci", hash: "sha256:00" }], /no hash/],
    ["a date that is none", [{ name: "ci", hash: first.hash, expires: "soon" }], /no date/],
    ["a tenant without a name", [{ name: "ci", hash: first.hash, tenant: "" }], /empty/],
    [
      "two of one name",
      [
        { name: "ci", hash: first.hash },
        { name: "ci", hash: second.hash },
      ],
      /"ci" has a name that another/,
    ],
    [
      "one for two",
      [
        { name: "ci", hash: first.hash },
        { name: "cd", hash: first.hash },
      ],
      /"cd" has a hash that another/,
    ],
  ])("are refused with %s, without the token in the words", (_name, tokens, says) => {
    const fault = thrown(() => createStaticTokens(tokens));
    expect(fault).toMatchObject({ code: "config_invalid", message: expect.stringMatching(says) });
    expect(String(fault)).not.toContain(first.token);
  });
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (OptimizerError.is(error)) return error;
  }
  throw new Error("it was taken");
}
