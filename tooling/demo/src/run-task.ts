import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TokenCounter } from "@mcp-optimizer/contracts";
import type { DemoSession } from "./connect-optimizer.ts";

/** What the demo measured; tokens are o200k_base. */
export interface DemoReport {
  readonly servers: readonly { readonly name: string; readonly tools: number; readonly tokens: number }[];
  readonly classicTokens: number;
  readonly manifestTokens: number;
  readonly searchTokens: number;
  readonly program: string;
  readonly programTokens: number;
  readonly answer: string;
  readonly answerTokens: number;
  readonly calls: number;
  readonly milliseconds: number;
}

/** What a task needs. */
export interface TaskParts extends DemoSession {
  readonly tree: string;
  readonly counter: TokenCounter;
}

const CLI = fileURLToPath(new URL("../../../apps/cli/bin/run.js", import.meta.url));
const QUERY = "list files of a folder with sizes; store entities; read back stored entities";

/** The program, as a model writes it after the search. */
const programFor = (tree: string): string =>
  `
const limit = 10_000;
const found: { path: string; size: number }[] = [];
const walk = async (folder: string): Promise<void> => {
  const { content } = await filesystem.list_directory({ path: folder });
  await Promise.all(content.split("\\n").map(async (line) => {
    const [, kind, name] = line.match(/^\\[(FILE|DIR)\\] (.+)$/) ?? [];
    if (!name) return;
    const path = \`\${folder}/\${name}\`;
    if (kind === "DIR") return walk(path);
    const info = await filesystem.get_file_info({ path });
    const size = Number(info.content.match(/size: (\\d+)/)?.[1]);
    if (size > limit) found.push({ path, size });
  }));
};
await walk(${JSON.stringify(tree)});
await memory.create_entities({
  entities: found.map(({ path, size }) => ({ name: path, entityType: "file", observations: [\`\${size} bytes\`] })),
});
const { entities } = await memory.read_graph({});
return { stored: entities.length, largest: found.sort((a, b) => b.size - a.size).slice(0, 3) };
`.trim();

/** Searches, runs the program, and counts every token that passes through the model. Throws when the task's answer is wrong. */
export async function runTask({ client, config, tree, counter }: TaskParts): Promise<DemoReport> {
  const { tools } = await client.listTools();
  const manifest = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const { stdout } = await promisify(execFile)(process.execPath, [
    CLI,
    "tokens",
    "--json",
    "--config",
    config,
  ]);
  const classic = JSON.parse(stdout) as Pick<DemoReport, "servers" | "classicTokens">;

  const started = performance.now();
  const found = textOf(await client.callTool({ name: "search_tools", arguments: { query: QUERY } }));
  const program = programFor(tree);
  const result = await client.callTool({ name: "run_code", arguments: { code: program } });
  const milliseconds = performance.now() - started;
  const answer = textOf(result);
  const { calls } = (result._meta?.["mcp-optimizer/run"] ?? {}) as { calls?: readonly unknown[] };
  if (result.isError || !answer.includes('"stored":7'))
    throw new Error(`The demo's program went wrong: ${answer}`);
  return {
    ...classic,
    manifestTokens: counter.count(JSON.stringify(manifest)),
    searchTokens: counter.count(JSON.stringify({ query: QUERY })) + counter.count(found),
    program,
    programTokens: counter.count(JSON.stringify({ code: program })),
    answer,
    answerTokens: counter.count(answer),
    calls: calls?.length ?? 0,
    milliseconds,
  };
}

function textOf(result: { readonly content: readonly { readonly type: string }[] }): string {
  return result.content.map((block) => (block as { text?: string }).text ?? "").join("\n");
}
