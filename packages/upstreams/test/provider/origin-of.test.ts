import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { UpstreamConfig } from "../../src/config/upstream-config.ts";
import { originOf } from "../../src/provider/origin-of.ts";

const STDIO = {
  kind: "stdio",
  name: "a",
  command: "c",
  args: ["x"],
  env: { A: "1", B: "2" },
  cwd: "/",
} as const;
const REMOTE = {
  kind: "remote",
  name: "a",
  url: "https://a.example/mcp",
  transport: "auto",
  headers: { authorization: "Bearer s3cret", b: "2" },
} as const;

test.each<[string, UpstreamConfig, UpstreamConfig, boolean]>([
  ["a name", STDIO, { ...STDIO, name: "b" }, true],
  ["the order of variables", STDIO, { ...STDIO, env: { B: "2", A: "1" } }, true],
  [
    "what a call may take, and what is offered",
    STDIO,
    { ...STDIO, callTimeoutMs: 1, tools: { deny: ["t"] } },
    true,
  ],
  ["a command", STDIO, { ...STDIO, command: "d" }, false],
  ["arguments", STDIO, { ...STDIO, args: ["x", "y"] }, false],
  ["arguments that are joined", { ...STDIO, args: ["x y"] }, { ...STDIO, args: ["x", "y"] }, false],
  ["a variable", STDIO, { ...STDIO, env: { A: "1", B: "3" } }, false],
  ["a variable that is inherited", STDIO, { ...STDIO, env: { ...STDIO.env, HOME: "/nowhere" } }, false],
  ["a folder", STDIO, { ...STDIO, cwd: "/tmp" }, false],
  ["the order of headers", REMOTE, { ...REMOTE, headers: { b: "2", authorization: "Bearer s3cret" } }, true],
  ["an address", REMOTE, { ...REMOTE, url: "https://b.example/mcp" }, false],
  [
    "credentials",
    REMOTE,
    { ...REMOTE, headers: { ...REMOTE.headers, authorization: "Bearer other" } },
    false,
  ],
])("another origin by %s", (_what, one, other, same) => {
  const origin = originOf(one);
  expect(origin.digest === originOf(other).digest).toBe(same);
  expect(JSON.stringify(origin)).not.toContain("s3cret");
});

test("only what this process starts is its own, and its folder is this process's unless it is said", () => {
  expect([originOf(STDIO).own, originOf(REMOTE).own]).toEqual([true, false]);
  const { cwd: _there, ...here } = STDIO;
  expect(originOf(here)).toEqual(originOf({ ...STDIO, cwd: process.cwd() }));
});

test("what is weak cannot be tried out at the speed of a plain digest", () => {
  const target = ["remote", REMOTE.url, REMOTE.transport, Object.entries(REMOTE.headers)];
  const plain = createHash("sha256").update(JSON.stringify(target)).digest("base64url");
  expect(originOf(REMOTE).digest).not.toBe(plain);
});

test("what may add credentials of its own makes every provider at an address another, and none that is started", () => {
  expect(originOf(REMOTE, fetch).digest).not.toBe(originOf(REMOTE, fetch).digest);
  expect(originOf(STDIO, fetch)).toEqual(originOf(STDIO));
});
