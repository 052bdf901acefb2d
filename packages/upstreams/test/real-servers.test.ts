import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { RemoteTransportType } from "../src/index.ts";
import { connect, keep, stdio, temporaryFolder, until } from "./harness.ts";

const FILESYSTEM = import.meta.resolve("@modelcontextprotocol/server-filesystem/dist/index.js");
const MEMORY = import.meta.resolve("@modelcontextprotocol/server-memory/dist/index.js");
const EVERYTHING = import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js");
const node = (script: string, ...args: string[]) => ({
  command: process.execPath,
  args: [fileURLToPath(script), ...args],
});

test("filesystem, memory and everything over stdio", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "note.txt"), "hello from a file");
  const upstreams = connect([
    stdio("files", node(FILESYSTEM, folder)),
    stdio("memory", node(MEMORY), {
      env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
    }),
    stdio("everything", node(EVERYTHING, "stdio")),
  ]);
  await upstreams.settled();
  const { providers } = upstreams;
  const [files, memory, everything] = providers;
  expect(providers.map((provider) => provider.status.state)).toEqual(["ready", "ready", "ready"]);
  expect(providers.map((provider) => provider.tools.length)).toEqual([14, 9, 13]);

  const read = await files!.callTool("read_text_file", { path: join(folder, "note.txt") });
  expect(read.structuredContent).toEqual({ content: "hello from a file" });
  const outside = await files!.callTool("read_text_file", { path: "/etc/hostname" });
  expect(outside).toMatchObject({ isError: true });

  const entities = [{ name: "note", entityType: "file", observations: ["17 bytes"] }];
  await memory!.callTool("create_entities", { entities });
  expect((await memory!.callTool("read_graph", {})).structuredContent).toEqual({ entities, relations: [] });

  const steps: number[] = [];
  const long = { duration: 0.2, steps: 4 };
  await everything!.callTool("trigger-long-running-operation", long, {
    onProgress: ({ progress }) => steps.push(progress),
  });
  expect(steps).toEqual([1, 2, 3, 4]);
  const sum = await everything!.callTool("get-sum", { a: 2, b: 3 });
  expect(sum.content).toEqual([{ type: "text", text: expect.stringContaining("5") }]);
});

test.each([
  ["streamableHttp", "mcp", "auto"],
  ["sse", "sse", "auto"],
  ["sse", "sse", "sse"],
] as const)(
  "everything over its own %s transport at /%s, configured as %s",
  async (mode, path, transport: RemoteTransportType) => {
    const port = await freePort();
    const { command, args } = node(EVERYTHING, mode);
    const child = spawn(command, args, { env: { ...process.env, PORT: String(port) }, stdio: "ignore" });
    keep({
      dispose: async () => {
        child.kill("SIGKILL");
        if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      },
    });
    const url = `http://127.0.0.1:${port}/${path}`;
    const { providers } = connect([{ name: "everything", kind: "remote", url, transport, headers: {} }]);
    // The server needs a moment to listen; a remote one is tried again by itself.
    await until(providers[0]!, "ready");
    expect(providers[0]!.tools).toHaveLength(13);
    const steps: number[] = [];
    const long = { duration: 0.2, steps: 4 };
    const result = await providers[0]!.callTool("trigger-long-running-operation", long, {
      onProgress: ({ progress }) => steps.push(progress),
    });
    expect(result.content).toHaveLength(1);
    expect(steps).toEqual([1, 2, 3, 4]);
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
