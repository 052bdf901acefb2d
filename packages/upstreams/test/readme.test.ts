import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { fixtureServerCommand } from "@mcp-optimizer/testkit";
import { expect, test } from "vitest";
import { connectUpstreams, parseServersConfig, resolveServersConfig } from "../src/index.ts";

const log = (): void => {};
const text = JSON.stringify({ mcpServers: { fixture: fixtureServerCommand() } });

test("the README's example runs as it is printed", async () => {
  const lines: string[] = [];
  // #region example
  const parsed = parseServersConfig(text, { file: "mcp.json" });
  const configs = resolveServersConfig(parsed, { env: process.env, cwd: process.cwd(), home: homedir() });
  const upstreams = connectUpstreams(configs, { log });
  await upstreams.settled();
  for (const { name, status, tools } of upstreams.providers) {
    lines.push(`${name}: ${status.state}, ${tools.length} tools`);
  }
  await upstreams.dispose();
  // #endregion example
  expect(lines).toEqual(["fixture: ready, 9 tools"]);
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");
  const region = /#region example\n(.*?) *\/\/ #endregion/s.exec(read("readme.test.ts"))![1]!;
  expect(read("../README.md")).toContain(region.replace(/^ {2}/gm, ""));
});
