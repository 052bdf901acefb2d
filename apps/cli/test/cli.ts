import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll } from "vitest";

/** The command line as a user starts it. */
export const CLI: string = fileURLToPath(new URL("../bin/run.js", import.meta.url));

/** What commands keep goes with the test's file. */
const STATE = mkdtempSync(join(tmpdir(), "mcp-optimizer-state-"));
process.env["XDG_STATE_HOME"] = STATE;
/** What is compiled is kept for all tests. */
const XDG_CACHE_HOME = fileURLToPath(new URL("../node_modules/.cache", import.meta.url));
afterAll(() => rmSync(STATE, { recursive: true, force: true }));

/** How a command ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command and waits for its end; 60 seconds at most. */
export function cli(
  args: readonly string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: tmpdir(),
      XDG_STATE_HOME: STATE,
      XDG_CACHE_HOME,
      ...options.env,
    };
    const child = spawn(process.execPath, [CLI, ...args], { env, timeout: 60_000, killSignal: "SIGKILL" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.stdin ?? "");
  });
}

/** A server's entry in a configuration. */
export interface ServerEntry {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for a test with a configuration of these servers in it. */
export interface TestFolder extends AsyncDisposable {
  readonly folder: string;
  readonly config: string;
  write(name: string, text: string): Promise<string>;
}

/** Makes a folder with `mcp.json`, these settings in it, by default of one guest: each is a thread that warms up. It goes with the test. */
export async function testFolder(
  mcpServers: Readonly<Record<string, ServerEntry>>,
  optimizer: object = { sandbox: { wasi: { workers: 1 } } },
): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-optimizer-test-"));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const config = await write("mcp.json", JSON.stringify({ mcpServers, optimizer }));
  return { folder, config, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A real client of `mcp-optimizer serve`. */
export interface Served extends AsyncDisposable {
  readonly client: Client;
  readonly pid: number;
  /** What the optimizer has written to standard error so far. */
  readonly stderr: () => string;
  /** Runs a program; the parsed answer. */
  run(
    code: string,
    options?: {
      signal?: AbortSignal;
      onprogress?: (progress: { message?: string }) => void;
      language?: string;
    },
  ): Promise<Answer>;
  /** Searches; the text of the answer. */
  search(query: string): Promise<string>;
}

/** The answer of run_code. */
export interface Answer {
  readonly isError: boolean;
  readonly value?: unknown;
  readonly error?: {
    code: string;
    message: string;
    tool?: string;
    line?: number;
    column?: number;
    source?: string;
    findings?: string[];
    signatures?: string[];
  };
  readonly omitted?: string[];
  readonly handle?: string;
  readonly console?: string[];
  readonly warnings?: string[];
  readonly calls?: string[];
}

/** Serves a configuration over stdio to a client of the SDK. */
export async function serve(config: string, options: ClientOptions = {}): Promise<Served> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, "serve", "--config", config],
    env: { ...getDefaultEnvironment(), XDG_STATE_HOME: STATE, XDG_CACHE_HOME },
    stderr: "pipe",
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk) => (stderr += String(chunk)));
  const client = new Client({ name: "test", version: "1.0.0" }, options);
  await client.connect(transport);
  const text = async (name: string, args: Record<string, unknown>, requestOptions = {}) => {
    const result = await client.callTool({ name, arguments: args }, requestOptions);
    return {
      isError: result.isError === true,
      text: result.content.map((block) => (block as { text: string }).text).join("\n"),
    };
  };
  return {
    client,
    pid: transport.pid!,
    stderr: () => stderr,
    async run(code, { language, ...requestOptions } = {}) {
      const { isError, text: json } = await text(
        "run_code",
        { code, ...(language !== undefined && { language }) },
        { timeout: 120_000, ...requestOptions },
      );
      try {
        return { isError, ...(JSON.parse(json) as Omit<Answer, "isError">) };
      } catch {
        throw new Error(`run_code gave no JSON: ${json}`);
      }
    },
    search: async (query) => (await text("search_tools", { query })).text,
    [Symbol.asyncDispose]: () => client.close(),
  };
}
