import { describe, expect, test } from "vitest";
import { parseServersConfig, type ParsedServers } from "../../src/index.ts";

const parse = (text: string, selfPaths: string[] = []): ParsedServers =>
  parseServersConfig(text, { file: "mcp.json", selfPaths });
const entry = (value: unknown): ParsedServers => parse(JSON.stringify({ mcpServers: { it: value } }));
const target = (value: unknown) => entry(value).servers[0]?.target;
const failure = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    expect(error).toMatchObject({ code: "config_invalid" });
    return (error as Error).message.replace("The configuration is not valid: ", "");
  }
  return "no failure";
};

test("reads a Claude or Cursor file unchanged, comments and trailing commas included", () => {
  const parsed = parse(`{
    // my servers
    "mcpServers": {
      "files": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "\${HOME}"], "env": { "A": "b", "PORT": 3000 } },
      "remote": { "type": "http", "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer \${TOKEN}" }, },
    },
  }`);
  expect(parsed).toEqual({
    file: "mcp.json",
    notes: [],
    servers: [
      {
        name: "files",
        line: 4,
        target: {
          kind: "stdio",
          command: "npx",
          args: ["-y", "@modelcontextprotocol/server-filesystem", "${HOME}"],
          env: { A: "b", PORT: "3000" },
        },
      },
      {
        name: "remote",
        line: 5,
        target: {
          kind: "remote",
          url: "https://example.com/mcp",
          transport: "http",
          headers: { Authorization: "Bearer ${TOKEN}" },
        },
      },
    ],
  });
});

test.each([
  ["VS Code", { servers: { it: { type: "stdio", command: "a" } }, inputs: [] }],
  ["Zed", { context_servers: { it: { source: "custom", command: { path: "a" } } } }],
  ["opencode", { mcp: { it: { type: "local", command: ["a"], environment: {} } } }],
  ["opencode 2", { mcp: { servers: { it: { type: "local", command: ["a"] } } } }],
])("reads the file of %s", (_client, file) => {
  expect(parse(JSON.stringify(file)).servers).toMatchObject([
    { name: "it", target: { kind: "stdio", command: "a", args: [], env: {} } },
  ]);
});

test.each([
  ["type http", { type: "http", url: "http://h" }, "http"],
  ["streamable-http", { type: "streamable-http", url: "http://h" }, "http"],
  ["streamableHttp", { type: "streamableHttp", url: "http://h" }, "http"],
  ["sse", { type: "sse", url: "http://h" }, "sse"],
  ["no type", { url: "http://h" }, "auto"],
  ["Windsurf", { serverUrl: "http://h" }, "auto"],
  ["Gemini", { httpUrl: "http://h" }, "http"],
])("knows the transport of a remote entry: %s", (_name, value, transport) => {
  expect(target(value)).toEqual({ kind: "remote", url: "http://h", transport, headers: {} });
});

test("keeps cwd, envFile, timeouts and tool lists", () => {
  expect(
    entry({
      command: "a",
      cwd: "sub",
      envFile: ".env",
      timeout: 90_000,
      includeTools: ["x"],
      excludeTools: ["y"],
    }).servers[0],
  ).toEqual({
    name: "it",
    line: 1,
    target: { kind: "stdio", command: "a", args: [], env: {}, cwd: "sub", envFile: ".env" },
    callTimeoutMs: 90_000,
    tools: { allow: ["x"], deny: ["y"] },
  });
});

test("counts a timeout in the client's unit", () => {
  const zed = parse(JSON.stringify({ context_servers: { it: { command: "a", timeout: 1200 } } }));
  expect(zed.servers[0]).toMatchObject({ callTimeoutMs: 1_200_000 });
  const cline = entry({ command: "a", timeout: 60 });
  expect(cline.servers[0]).toMatchObject({ callTimeoutMs: 60_000 });
  expect(cline.notes).toEqual([{ server: "it", line: 1, message: "its timeout of 60 is read as seconds" }]);
});

test("leaves out what is switched off, and says so", () => {
  expect(entry({ command: "a", disabled: true })).toMatchObject({
    servers: [],
    notes: [{ message: "is switched off" }],
  });
  expect(entry({ command: "a", enabled: false }).servers).toEqual([]);
  expect(entry({ command: "a", disabled: false, enabled: true }).servers).toHaveLength(1);
});

test("notes unknown keys with their line", () => {
  const parsed = parse(
    `{ "mcpServers": {\n "it": {\n "command": "a",\n "sandbox": {},\n "autoApprove": [] } } }`,
  );
  expect(parsed.servers).toHaveLength(1);
  expect(parsed.notes).toEqual([{ server: "it", line: 4, message: "sandbox is not used" }]);
});

describe("an entry that cannot be used stays as such", () => {
  test.each([
    ["WebSocket by type", { type: "ws", url: "http://h" }, "WebSocket servers are not supported"],
    ["WebSocket by url", { url: "wss://h" }, "WebSocket servers are not supported"],
    ["an unknown type", { type: "carrier-pigeon", url: "x" }, 'the type "carrier-pigeon" is not known'],
    ["neither command nor url", {}, "it has neither a command nor a url"],
    ["stdio without command", { type: "stdio" }, "it has no command"],
  ])("%s", (_name, value, reason) => {
    expect(target(value)).toMatchObject({ kind: "unusable", reason: expect.stringContaining(reason) });
  });
});

describe("an entry that starts the optimizer is left out", () => {
  test.each([
    ["its bin", { command: "mcp-optimizer", args: ["serve"] }],
    ["a path to its bin", { command: "/usr/local/bin/mcp-optimizer" }],
    ["on Windows", { command: "C:\\npm\\mcp-optimizer.cmd" }],
    ["npx", { command: "npx", args: ["-y", "@mcp-optimizer/cli", "serve"] }],
    ["npx with a version", { command: "npx", args: ["-y", "mcp-optimizer@latest"] }],
    ["npx --package", { command: "npx", args: ["--package=@mcp-optimizer/cli", "mcp-optimizer"] }],
    ["a shell", { command: "sh", args: ["-c", "mcp-optimizer serve"] }],
    ["the running script", { command: "node", args: ["/opt/it/main.js", "serve"] }],
  ])("%s", (_name, value) => {
    const parsed = parse(JSON.stringify({ mcpServers: { it: value, other: { command: "a" } } }), [
      "/opt/it/main.js",
    ]);
    expect(parsed.servers.map((server) => server.name)).toEqual(["other"]);
    expect(parsed.notes).toMatchObject([
      { server: "it", message: "starts this optimizer itself and is left out" },
    ]);
  });

  test("a directory of that name is no reason", () => {
    const args = ["-y", "@modelcontextprotocol/server-filesystem", "/home/me/mcp-optimizer"];
    expect(entry({ command: "npx", args }).servers).toHaveLength(1);
  });
});

describe("a mistake names its place", () => {
  test.each([
    [
      "a wrong type",
      `{\n "mcpServers": {\n "git": {\n "command": "a",\n "args": "x" } } }`,
      "mcp.json:5: mcpServers.git.args must be a list of strings",
    ],
    [
      "a wrong item",
      `{ "mcpServers": {\n "git": { "command": "a", "args": [\n "x",\n 7] } } }`,
      "mcp.json:4: mcpServers.git.args[1] must be a string",
    ],
    [
      "a wrong map",
      `{ "mcpServers": { "git": { "command": "a",\n "env": [] } } }`,
      "mcp.json:2: mcpServers.git.env must be an object of strings",
    ],
    [
      "a wrong value of a map",
      `{ "mcpServers": { "git": { "command": "a", "env": {\n "A": null } } } }`,
      "mcp.json:2: mcpServers.git.env.A must be a string",
    ],
    [
      "an odd name",
      `{ "mcpServers": { "my git": { "command": 1 } } }`,
      'mcp.json:1: mcpServers["my git"].command must be a string',
    ],
    [
      "an entry that is no object",
      `{ "mcpServers": {\n "git": "npx" } }`,
      "mcp.json:2: mcpServers.git must be an object",
    ],
    [
      "a bad timeout",
      `{ "mcpServers": { "git": { "command": "a", "timeout": -1 } } }`,
      "mcp.json:1: mcpServers.git.timeout must be over 0",
    ],
    [
      "servers that are no object",
      `{\n "mcpServers": [] }`,
      "mcp.json:2: mcpServers must be an object of servers",
    ],
    ["no servers", `{ "theme": "dark" }`, "mcp.json:1: has no mcpServers"],
    ["no object", `[]`, "mcp.json:1: must hold an object with mcpServers"],
    ["an empty file", ``, "mcp.json:1: must hold an object with mcpServers"],
    [
      "a name that is there twice",
      `{ "mcpServers": {\n "git": {},\n "git": {} } }`,
      "mcp.json:3: mcpServers.git is there twice, on line 2 too",
    ],
    ["a missing brace", `{\n "mcpServers": {`, "mcp.json:2:17: a closing } is missing"],
    ["a missing comma", `{ "mcpServers": { "a": {}\n "b": {} } }`, "mcp.json:2:2: a comma is expected"],
    ["an open string", `{ "mcpServers": { "a`, "mcp.json:1:19: a string does not end"],
  ])("%s", (_name, text, message) => {
    expect(failure(text)).toBe(message);
  });
});

test("a name such as __proto__ is a name", () => {
  expect(
    parse(`{ "mcpServers": { "__proto__": { "command": "a" }, "constructor": { "command": "b" } } }`).servers,
  ).toMatchObject([
    { name: "__proto__", target: { command: "a" } },
    { name: "constructor", target: { command: "b" } },
  ]);
});
