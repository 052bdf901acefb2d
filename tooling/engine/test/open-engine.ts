import type {
  JsonObject,
  JsonValue,
  PendingApproval,
  ToolDefinition,
  ToolResult,
} from "@mcp-optimizer/contracts";
import { createOptimizer, createPolicy, type Optimizer, type OptimizerOptions } from "@mcp-optimizer/core";
import type { PolicySettings } from "@mcp-optimizer/core/settings";
import { createWasiSandbox } from "@mcp-optimizer/sandbox-wasi";
import { createInMemoryProvider, createManualClock, type ManualClock } from "@mcp-optimizer/testkit";
import { afterAll, onTestFinished } from "vitest";

const SANDBOX = createWasiSandbox({ workers: 1, warmUpRuns: 0 });
afterAll(() => SANDBOX.dispose());

/** A tool of the tests: its answer, and the names of its text arguments. */
export interface ToolOfTests {
  readonly name: string;
  readonly answer: (args: JsonObject) => JsonValue | Promise<JsonValue>;
  readonly definition?: Partial<ToolDefinition>;
  /** What the server sends, in place of the answer as text. */
  readonly result?: ToolResult;
}

/** An engine with a real sandbox over servers in memory. */
export interface TestEngine {
  readonly optimizer: Optimizer;
  /** Calls that reached a server, as `server.tool {"arguments"}`, in order. */
  readonly reached: string[];
  readonly clock: ManualClock;
}

/** Settings of an engine under test. */
export interface TestEngineOptions extends Omit<Partial<OptimizerOptions>, "policy"> {
  readonly servers: Readonly<Record<string, readonly ToolOfTests[]>>;
  readonly policy?: PolicySettings;
}

/** Opens an engine that closes with the test. Programs reach tools by `code_execution` unless the flags say otherwise. */
export async function openEngine(options: TestEngineOptions): Promise<TestEngine> {
  const { servers, policy, flags, ...rest } = options;
  const reached: string[] = [];
  const clock = createManualClock();
  const upstreams = Object.entries(servers).map(([server, tools]) =>
    createInMemoryProvider(
      server,
      tools.map(({ name, answer, definition, result }) => ({
        definition: { name, inputSchema: { type: "object" }, ...definition },
        call: async (args) => {
          reached.push(`${server}.${name} ${JSON.stringify(args)}`);
          const value = await answer(args);
          if (result !== undefined) return result;
          const text = typeof value === "string" ? value : JSON.stringify(value);
          return { content: [{ type: "text", text }] };
        },
      })),
    ),
  );
  const optimizer = await createOptimizer({
    upstreams,
    // One for all tests of a file: starting it takes longer than most of them.
    sandbox: { ...SANDBOX, dispose: async () => undefined },
    policy: createPolicy(policy),
    flags: { executionMode: "code_execution", ...flags },
    clock,
    // Nobody moves the clock for a wait before a retry.
    resilience: { backoffMs: 0 },
    ...rest,
  });
  onTestFinished(() => optimizer.dispose());
  return { optimizer, reached, clock };
}

/** What a call came to, with what it asked. */
export interface Asked {
  readonly text: string;
  readonly isError: boolean;
  readonly pending: PendingApproval | undefined;
}

/** Calls a tool of the list as a server does. */
export async function call(
  optimizer: Optimizer,
  name: string,
  args: JsonObject,
  options: Parameters<Optimizer["callTool"]>[2] = {},
): Promise<Asked> {
  let pending: PendingApproval | undefined;
  const result = await optimizer.callTool(name, args, { ...options, onApproval: (it) => (pending = it) });
  const text = result.content.map(({ text: part }) => (typeof part === "string" ? part : "")).join("\n");
  return { text, isError: result.isError === true, pending };
}
