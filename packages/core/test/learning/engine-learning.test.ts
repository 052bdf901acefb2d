import type { JsonObject, ToolResult } from "@mcp-optimizer/contracts";
import { createInMemoryProvider } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { createMemoryExecutionLog } from "../../src/log/memory-execution-log.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import type { LearningMode } from "../../src/learning/tool-learning.ts";
import { systemClock } from "../../src/system-clock.ts";
import { createVmSandbox } from "../intents/vm-sandbox.ts";

const text = (value: string): ToolResult => ({ content: [{ type: "text", text: value }] });
const reads = { annotations: { readOnlyHint: true } };
const noArguments = { inputSchema: { type: "object", properties: {} } };

async function open(learning: LearningMode, settings: PolicySettings = {}) {
  const called: string[] = [];
  const fixture = (name: string, rest: JsonObject, answer: () => ToolResult | Promise<ToolResult>) => ({
    definition: { name, description: `Weather ${name}`, ...noArguments, ...rest },
    call: () => {
      called.push(name);
      return answer();
    },
  });
  const outputSchema = { type: "object", properties: { degrees: { type: "number" } }, required: ["degrees"] };
  const provider = createInMemoryProvider("w", [
    fixture("now", reads, () => text('{"degrees": 21.5, "sky": null}')),
    fixture("report", reads, () => text("temperature: 21\ncreated: 2026-11-21")),
    fixture("fails", reads, () => ({ ...text("no"), isError: true })),
    fixture("lies", { ...reads, outputSchema }, () => ({
      ...text("x"),
      structuredContent: { degrees: "warm" },
    })),
    fixture("writes", { annotations: { destructiveHint: true } }, () => text("[1]")),
    fixture(
      "city",
      {
        ...reads,
        inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
      },
      () => text("[1]"),
    ),
  ]);
  const executionLog = createMemoryExecutionLog({ clock: systemClock });
  const optimizer = await createOptimizer({
    upstreams: [provider],
    sandbox: createVmSandbox(),
    flags: { executionMode: "hybrid", enableCaching: false },
    policy: createPolicy({ trustAnnotations: ["*"], ...settings }),
    check: "off",
    executionLog,
    ledger: false,
    tokenCounter: { encoding: "letters", count: ({ length }) => length },
    learning,
  });
  onTestFinished(() => optimizer.dispose());
  const search = async (query: string): Promise<string> => {
    const { content } = await optimizer.callTool("search_tools", { query });
    return content[0]!["text"] as string;
  };
  const run = async (code: string) => optimizer.run({ code });
  return { optimizer, called, search, run, executionLog };
}

test("what calls give is shown by searches, descriptions and errors from then on", async () => {
  const { optimizer, search, run } = await open("observe");
  expect(await search("weather now")).toContain("w.now(): Promise<unknown>");
  const { value } = await run("await w.report(); return await w.now()");
  expect(value).toEqual({ degrees: 21.5, sky: null });
  expect(await search("weather now")).toContain(
    "w.now(): Promise<{ degrees: number; sky: null }> /* seen 1× */",
  );
  expect(await search("weather report")).toContain(
    'Promise<string> /* seen 1×: "temperature: <number>\\ncreated: <date>" key-value: tools.parse(text) */',
  );
  // A program sees it in the same run, and a call that a client makes itself counts too.
  const { value: declared } = await run('await w.now(); return await tools.describe("w.now")');
  expect(declared).toContain("degrees: number;");
  await optimizer.callTool("w__now", {});
  expect((await run('return await tools.describe("w.now")')).value).toContain("seen 3×");
  // What a failed call says is not learned.
  await run("try { await w.fails() } catch {} return 1");
  expect(await search("w.fails")).toContain("w.fails(): Promise<unknown>");
});

test("a server that lies about its output: the value is given, the type is shown, the run says so once", async () => {
  const { search, run } = await open("observe");
  const { value, warnings } = await run("return [await w.lies(), await w.lies()]");
  expect(value).toEqual([{ degrees: "warm" }, { degrees: "warm" }]);
  expect(warnings).toEqual([expect.stringContaining("w.lies gave another type than its server declares")]);
  expect(await search("w.lies")).toContain("Promise<{ degrees: string }> /* seen 2×; declared otherwise */");
});

test("probing calls once what only reads, needs nothing and is allowed, as a run of its own", async () => {
  const { called, search, executionLog } = await open("probe");
  await search("weather");
  await vi.waitFor(() => expect(called.toSorted()).toEqual(["now", "report"]));
  await vi.waitFor(async () => expect(await search("weather now")).toContain("degrees: number"));
  for (let more = 0; more < 3; more += 1) await search("weather");
  await vi.waitFor(() => expect(called.toSorted()).toEqual(["fails", "now", "report"]));
  const { runs } = await executionLog.list("local");
  expect(new Set(runs.map(({ source }) => (source.kind === "call" ? source.tool : "")))).toEqual(
    new Set(["w.fails", "w.now", "w.report"]),
  );
});

test("without learning, nothing is said of what calls gave", async () => {
  const { search, run, called } = await open("off");
  await run("return await w.now()");
  expect(await search("weather now")).toContain("w.now(): Promise<unknown>");
  expect(called).toEqual(["now"]);
});
