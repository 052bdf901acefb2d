import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, test, vi } from "vitest";
import { CLI, cli, testFolder } from "./cli.ts";
import type { TokenReport } from "../src/commands/auth/token.ts";
import { openAuth } from "../src/open-auth.ts";

const require = createRequire(import.meta.url);
const MEMORY = {
  command: process.execPath,
  args: [require.resolve("@modelcontextprotocol/server-memory/dist/index.js")],
};

test("auth token prints a token once, and the line that takes it", async () => {
  const args = [
    "auth",
    "token",
    "--name",
    "ada",
    "--tenant",
    "team",
    "--scope",
    "git:read",
    "--scope",
    "mcp",
  ];
  const { code, stdout, stderr } = await cli([...args, "--expires", "2027-01-31"]);
  expect(code).toBe(0);
  const token = stdout.trim();
  expect(token).toMatch(/^mcpo_[\w-]{43}$/);
  expect(stderr).not.toContain(token);
  expect(JSON.parse(stderr.trim().split("\n").at(-1)!)).toEqual({
    name: "ada",
    hash: `sha256:${createHash("sha256").update(token).digest("hex")}`,
    tenant: "team",
    scopes: ["git:read", "mcp"],
    expires: "2027-01-31",
  });
  const wrong = await cli(["auth", "token", "--name", "ada", "--expires", "soon", "--json"]);
  expect([wrong.code, wrong.stdout]).toEqual([2, expect.stringContaining("--expires: is no date")]);
  const unnamed = await cli(["auth", "token", "--name", "ada", "--scope", "a b", "--json"]);
  expect([unnamed.code, unnamed.stdout]).toEqual([2, expect.stringContaining("--scope: is no scope")]);
});

test("serve --http takes the configured tokens and no other caller, each with its own rights", async () => {
  const make = async (...args: string[]): Promise<TokenReport> =>
    JSON.parse((await cli(["auth", "token", "--json", ...args])).stdout) as TokenReport;
  const [writer, reader] = await Promise.all([
    make("--name", "cy", "--scope", "notes"),
    make("--name", "ada"),
  ]);
  const settings = {
    state: "memory",
    features: { executionMode: "mcp_only" },
    policy: {
      rules: [
        { decide: "allow", tool: "create_entities", scope: "notes" },
        { decide: "deny", tool: "create_*" },
      ],
    },
    auth: { tokens: [writer.entry, reader.entry] },
  };
  await using folder = await testFolder({ memory: MEMORY }, settings);
  const args = [CLI, "serve", "--config", folder.config, "--http", "127.0.0.1:0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  try {
    const url = new URL(await vi.waitUntil(() => /http:\S+/.exec(stderr)?.[0], { timeout: 30_000 }));
    const connect = async (headers: Record<string, string>): Promise<Client> => {
      const client = new Client({ name: "test", version: "0" });
      await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
      return client;
    };
    await expect(connect({})).rejects.toThrow(/401|[Uu]nauthorized|token/);
    const as = ({ token }: TokenReport) => connect({ authorization: `Bearer ${token}` });
    const [mayWrite, mayNot] = await Promise.all([as(writer), as(reader)]);
    const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
    expect(await names(mayWrite)).toContain("memory__create_entities");
    expect(await names(mayNot)).toContain("memory__read_graph");
    expect((await names(mayNot)).join()).not.toContain("create");
    const call = { name: "memory__create_entities", arguments: { entities: [] } };
    expect((await mayWrite.callTool(call)).isError).not.toBe(true);
    await expect(mayNot.callTool(call)).rejects.toThrow(/create_entities/);
    await Promise.all([mayWrite.close(), mayNot.close()]);
    expect(stderr).not.toMatch(/mcpo_/);
  } finally {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    await ended;
  }
});

test("an address for others is refused before anything starts, and says what to set", async () => {
  const settings = {
    auth: { jwt: { issuer: "https://login.example.com/", audience: "https://mcp.example.com/mcp" } },
  };
  await using folder = await testFolder({ never: { command: "/nowhere/to/be/found" } }, settings);
  const { code, stderr } = await cli(["serve", "--http", "0.0.0.0:0", "-c", folder.config]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/set auth\.publicUrl/)]);
  expect(stderr).not.toContain("nowhere");
});

test.each<[string, Parameters<typeof openAuth>[0], RegExp]>([
  ["an issuer", { jwt: { audience: "x" } }, /auth\.jwt needs an issuer/],
  ["an audience", { jwt: { issuer: "https://login.example.com" } }, /auth\.jwt needs an audience/],
])("an authorization server without %s is refused", (_name, settings, says) => {
  expect(() => openAuth(settings, () => {})).toThrow(says);
});
