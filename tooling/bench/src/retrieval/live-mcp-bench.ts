import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ToolDefinition } from "@mcp-optimizer/contracts";

/** A task of LiveMCPBench: what is asked, how its annotator would do it, and the tools that the annotator named and the catalogue has. */
export interface BenchTask {
  readonly question: string;
  readonly steps: readonly string[];
  readonly gold: readonly string[];
}

/** A server of LiveMCPBench with its tools. */
export interface BenchServer {
  readonly name: string;
  readonly tools: readonly ToolDefinition[];
}

/** LiveMCPBench's catalogue, and those of its tasks of which a tool is in the catalogue. */
export interface LiveMcpBench {
  readonly servers: readonly BenchServer[];
  readonly tasks: readonly BenchTask[];
}

/** The folder with the benchmark's files: `data/livemcpbench` in MCP_OPTIMIZER_SHARED, or in `shared` beside the repository. */
export function benchFolder(env: NodeJS.ProcessEnv): string {
  const shared = env["MCP_OPTIMIZER_SHARED"] ?? join(import.meta.dirname, "../../../../../shared");
  return join(shared, "data", "livemcpbench");
}

/** Whether the benchmark's files are there. */
export function hasLiveMcpBench(folder: string): boolean {
  return existsSync(join(folder, "tools.json")) && existsSync(join(folder, "all_annotations.json"));
}

interface RawServer {
  readonly tools: Readonly<Record<string, { readonly tools: readonly ToolDefinition[] }>>;
}

interface RawTask {
  readonly Question: string;
  readonly "Annotator Metadata": { readonly Steps: string; readonly Tools: string };
}

/** Reads the benchmark. */
export async function readLiveMcpBench(folder: string): Promise<LiveMcpBench> {
  const raw = await readJson<RawServer[]>(join(folder, "tools.json"));
  const servers = raw.flatMap(({ tools }) =>
    Object.entries(tools).map(([name, listing]) => ({ name, tools: listing.tools })),
  );
  const names = new Set(servers.flatMap(({ tools }) => tools.map(({ name }) => name)));
  const annotations = await readJson<RawTask[]>(join(folder, "all_annotations.json"));
  const tasks = annotations.map(({ Question: question, "Annotator Metadata": { Steps, Tools } }) => ({
    question,
    steps: listItems(Steps),
    gold: [...new Set(listItems(Tools))].filter((name) => names.has(name)),
  }));
  return { servers, tasks: tasks.filter(({ gold }) => gold.length > 0) };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

function listItems(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/^\s*\d+[.)、]\s*/u, "").trim())
    .filter((line) => line !== "");
}
