import type { JsonObject, ToolDefinition } from "@mcp-optimizer/contracts";
import { createFixtureSession } from "./fixture-session.ts";
import type { FixtureTool } from "./fixture-tool.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { sendStdioLine, serveStdioLines } from "./serve-stdio-lines.ts";
import { createStandardToolbox } from "./standard-fixture-tools.ts";

// A stdio server that does one thing wrong: `node misbehaving-server.ts MODE`.
const mode = process.argv[2] as Misbehaviour;
const MEGABYTE = 1024 * 1024;
const toolbox = createStandardToolbox();
const session = createFixtureSession({
  toolbox,
  era: mode === "slow-modern" ? "modern" : "legacy",
  send: sendStdioLine,
});

const addTool = (name: string, call: FixtureTool["call"]): void => {
  const definition: ToolDefinition = { name, description: name, inputSchema: { type: "object" } };
  toolbox.add({ definition, call });
};
const text = (value: string) => ({ content: [{ type: "text", text: value }] });

/** Writes `megabytes` MB and waits whenever the reader is slower. */
async function flood(stream: NodeJS.WriteStream, megabytes: number, line: boolean): Promise<void> {
  const block = Buffer.alloc(MEGABYTE, line ? `${"x".repeat(1023)}\n` : "x");
  for (let i = 0; i < megabytes; i++) {
    if (!stream.write(block)) await new Promise((resolve) => stream.once("drain", resolve));
  }
}

type Handler = (message: JsonObject) => boolean | Promise<boolean>;

const answerList = (message: JsonObject, result: JsonObject): boolean => {
  if (message["method"] === "tools/list") sendStdioLine({ jsonrpc: "2.0", id: message["id"], result });
  return message["method"] === "tools/list";
};

/** Handlers for the wrong ways. They return false to have a message handled well. */
const handlers: Partial<Record<Misbehaviour, Handler>> = {
  silent: () => true,
  "ignores-probe": (message) => message["method"] === "server/discover",
  "dies-at-probe": (message) => (message["method"] === "server/discover" ? process.exit(1) : false),
  "hangs-on-list": (message) => message["method"] === "tools/list",
  "floods-stderr": async (message) => {
    if (message["method"] === "initialize") await flood(process.stderr, 100, true);
    return false;
  },
  garbage: () => {
    process.stdout.write(`starting up...\n{"not": "json-rpc"}\n{broken\n\n`);
    return false;
  },
  "endless-pages": (message) => answerList(message, { tools: [], nextCursor: "again" }),
  "bad-tools": (message) => {
    const good = toolbox.tools[0]!.definition;
    return answerList(message, {
      tools: [{ name: "" }, null, 7, { name: "no_schema" }, good, { ...good, description: "twice" }],
    });
  },
};

const misbehave = async (message: JsonObject): Promise<boolean> => handlers[mode]?.(message) ?? false;

if (mode === "exits") {
  process.stderr.write("fatal: the database is not configured\n");
  process.exit(1);
}
if (mode === "huge-message") addTool("huge", () => text("x".repeat(100 * MEGABYTE)));
if (mode === "endless-line") {
  addTool("flood", async () => {
    await flood(process.stdout, 300, false);
    return text("");
  });
}
if (mode === "dies-mid-call") addTool("die", () => process.exit(3));
if (mode === "many-tools") {
  for (let i = 0; i < 10_000; i++) addTool(`tool_${i}`, () => text(`${i}`));
}
if (mode === "unkillable") {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
  setInterval(() => {}, 1000);
}
if (mode === "slow-modern") await new Promise((resolve) => setTimeout(resolve, 1000));

serveStdioLines(
  (message) => {
    void misbehave(message).then((done) => (done ? undefined : session.handle(message)));
  },
  () => {
    if (mode !== "unkillable") process.exit(0);
  },
);
