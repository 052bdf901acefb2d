import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** Where the demo lives. */
export interface DemoPlaces {
  readonly folder: string;
  readonly tree: string;
}

/** A client that talks to the optimizer over stdio. */
export interface DemoSession extends AsyncDisposable {
  readonly client: Client;
  /** The configuration file that the optimizer reads. */
  readonly config: string;
}

const require = createRequire(import.meta.url);
const CLI = fileURLToPath(new URL("../../../apps/cli/bin/run.js", import.meta.url));

/** Writes a client's usual `mcpServers` block for three servers and starts `mcp-optimizer serve` with it. */
export async function connectOptimizer({ folder, tree }: DemoPlaces): Promise<DemoSession> {
  const config = join(folder, "mcp.json");
  const server = (name: string): string =>
    require.resolve(`@modelcontextprotocol/server-${name}/dist/index.js`);
  const mcpServers = {
    filesystem: { command: process.execPath, args: [server("filesystem"), tree] },
    memory: {
      command: process.execPath,
      args: [server("memory")],
      env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
    },
    everything: { command: process.execPath, args: [server("everything")] },
  };
  await writeFile(config, JSON.stringify({ mcpServers, optimizer: { state: "state" } }, null, 2));
  const client = new Client({ name: "demo", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [CLI, "serve", "--config", config] }),
  );
  return { client, config, [Symbol.asyncDispose]: () => client.close() };
}
