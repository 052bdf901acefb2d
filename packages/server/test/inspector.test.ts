import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBehaviourSource } from "./fixtures/behaviour-source.ts";
import { startHttp } from "./fixtures/http-server.ts";
import { stdioServer } from "./fixtures/real-client.ts";
import { runNode } from "./fixtures/run-node.ts";

const require = createRequire(import.meta.url);
const manifest = require.resolve("@modelcontextprotocol/inspector/package.json");
const cli = join(dirname(manifest), "clients/launcher/build/index.js");
const CALL = ["--method", "tools/call", "--tool-name", "echo", "--tool-args-json", '{"text":"hi"}'];
const LIST = ["--method", "tools/list", "--strict"];

/** Runs the MCP Inspector's command line against a fixture server; its files go to a folder that is removed. */
async function inspect(wire: string, era: string, request: string[]): Promise<unknown> {
  const home = await mkdtemp(join(tmpdir(), "inspector-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const env: NodeJS.ProcessEnv = { HOME: home };
  let target: string[];
  if (wire === "stdio") {
    const config = join(home, "mcp.json");
    await writeFile(config, JSON.stringify({ mcpServers: { fixture: stdioServer } }));
    target = ["--config", config, "--server", "fixture"];
  } else {
    env["MCP_CATALOG_PATH"] = join(home, "catalog.json");
    target = ["--transport", "http", "--server-url", (await startHttp()).url];
  }
  const args = ["--cli", ...target, "--protocol-era", era, "--format", "json", "-q", ...request];
  const { code, stdout, stderr } = await runNode(cli, args, env);
  if (code !== 0) throw new Error(`The Inspector ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as unknown;
}

describe.each(["stdio", "http"])("the MCP Inspector over %s", (wire) => {
  it.each(["legacy", "auto", "modern"])("calls a tool in the era %s", async (era) => {
    expect(await inspect(wire, era, CALL)).toMatchObject({
      result: { content: [{ type: "text", text: "hi" }], structuredContent: { text: "hi" } },
    });
  });

  it.each(["legacy", "modern"])("finds no fault in the list in the era %s", async (era) => {
    const names = createBehaviourSource().tools.map(({ name }) => ({ name }));
    expect(await inspect(wire, era, LIST)).toMatchObject({ result: { tools: names } });
  });
});
