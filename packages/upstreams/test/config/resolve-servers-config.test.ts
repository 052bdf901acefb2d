import { expect, test } from "vitest";
import { parseServersConfig, resolveServersConfig, type UpstreamConfig } from "../../src/index.ts";

const env = { TOKEN: "s3cret-token", EMPTY: "", NESTED: "${TOKEN}" };
const scope = { env, cwd: "/project", home: "/home/me" };

function resolve(servers: Record<string, unknown>, readFile?: (path: string) => string): UpstreamConfig[] {
  const parsed = parseServersConfig(JSON.stringify({ mcpServers: servers }), { file: "mcp.json" });
  return resolveServersConfig(parsed, { ...scope, ...(readFile === undefined ? {} : { readFile }) });
}
const one = (server: unknown, readFile?: (path: string) => string): UpstreamConfig =>
  resolve({ it: server }, readFile)[0]!;

test.each([
  ["${TOKEN}", "s3cret-token"],
  ["a${TOKEN}b${TOKEN}", "as3cret-tokenbs3cret-token"],
  ["${env:TOKEN}", "s3cret-token"],
  ["${NONE:-fallback}", "fallback"],
  ["${NONE:-}", ""],
  ["${EMPTY}", ""],
  ["${EMPTY:-fallback}", "fallback"],
  ["${TOKEN:-fallback}", "s3cret-token"],
  ["${NONE:-http://h:80/-x}", "http://h:80/-x"],
  ["${workspaceFolder}/a", "/project/a"],
  ["${userHome}/a", "/home/me/a"],
  ["${NESTED}", "${TOKEN}"],
  ["$TOKEN $ {TOKEN} {TOKEN}", "$TOKEN $ {TOKEN} {TOKEN}"],
])("expands %s", (text, expected) => {
  expect(one({ command: text === "" ? "a" : `x${text}`, args: [text], env: { A: text } })).toMatchObject({
    command: `x${expected}`,
    args: [expected],
    env: { A: expected },
  });
});

test("a variable without a value makes its server unusable, and no other", () => {
  const [broken, asks, fine] = resolve({
    broken: { command: "a", env: { KEY: "${NONE}" } },
    asks: { url: "http://h", headers: { Authorization: "Bearer ${input:token}" } },
    fine: { command: "b" },
  });
  expect(broken).toEqual({
    name: "broken",
    kind: "unusable",
    reason: "env.KEY needs the environment variable NONE, which is not set",
  });
  expect(asks).toMatchObject({
    kind: "unusable",
    reason: expect.stringContaining("asks for ${input:token}"),
  });
  expect(fine).toMatchObject({ name: "fine", kind: "stdio", command: "b" });
});

test("names inherited from Object are no variables", () => {
  expect(one({ command: "a", args: ["${constructor}"] })).toMatchObject({ kind: "unusable" });
});

test("reads an envFile, which env overrides", () => {
  const readFile = (path: string): string => {
    expect(path).toBe("/project/conf/.env");
    return "A=from file\nB='quoted'\n# comment\nC=${TOKEN}";
  };
  expect(one({ command: "a", envFile: "conf/.env", env: { A: "from entry" } }, readFile)).toMatchObject({
    env: { A: "from entry", B: "quoted", C: "${TOKEN}" },
  });
});

test("an envFile that cannot be read makes the server unusable, without its text", () => {
  const readFile = (): string => {
    throw new Error("ENOENT /secret/place");
  };
  expect(one({ command: "a", envFile: ".env" }, readFile)).toMatchObject({
    kind: "unusable",
    reason: "envFile .env cannot be read",
  });
  expect(one({ command: "a", envFile: ".env" })).toMatchObject({ kind: "unusable" });
});

test("a relative cwd starts at the workspace", () => {
  expect(one({ command: "a", cwd: "sub" })).toMatchObject({ cwd: "/project/sub" });
  expect(one({ command: "a", cwd: "${userHome}/sub" })).toMatchObject({ cwd: "/home/me/sub" });
});

test.each(["not a url", "ftp://h", "file:///etc/passwd"])("the address %s is refused", (url) => {
  expect(one({ url })).toMatchObject({ kind: "unusable", reason: "url must be an http or https address" });
});

test("knows what must stay secret", () => {
  const stdio = one({ command: "a", args: ["--key=${TOKEN}"], env: { LITERAL: "written-here" } });
  expect(stdio.secrets).toEqual(expect.arrayContaining(["s3cret-token", "written-here"]));
  const remote = one({ url: "https://h/mcp?key=query-key", headers: { "X-Key": "header-key" } });
  expect(remote.secrets).toEqual(expect.arrayContaining(["query-key", "header-key"]));
});

test.each(["https://user:pw@h/mcp", "https://t0ken@h/mcp", "https://:pw@h/mcp"])(
  "%s, which no request can be made to, is refused without saying what it holds",
  (url) => {
    const refused = one({ url });
    expect(refused).toMatchObject({ kind: "unusable", reason: expect.stringContaining("into headers") });
    expect(JSON.stringify(refused)).not.toMatch(/pw|t0ken/);
  },
);
