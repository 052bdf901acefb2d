import type {
  ErrorCode,
  FeatureFlags,
  JsonValue,
  SandboxBackend,
  ToolProvider,
  ToolResult,
} from "@mcp-optimizer/contracts";
import { expectTypeOf } from "vitest";
import { createOptimizer, createPolicy, type Optimizer, type OptimizerOptions } from "../../src/index.ts";

declare const sandbox: SandboxBackend;
declare const upstreams: readonly ToolProvider[];

// What has to be given, and what may be.
expectTypeOf(createOptimizer).returns.resolves.toEqualTypeOf<Optimizer>();
expectTypeOf<{ upstreams: ToolProvider[]; sandbox: SandboxBackend }>().toExtend<OptimizerOptions>();
// @ts-expect-error A sandbox is never chosen silently.
void createOptimizer({ upstreams });
// @ts-expect-error Servers are given, if only as an empty list.
void createOptimizer({ sandbox });
// @ts-expect-error A misspelt option is an error.
void createOptimizer({ upstreams, sandbox, resultToken: 100 });
// @ts-expect-error There are three ways to check.
void createOptimizer({ upstreams, sandbox, check: "lenient" });
// @ts-expect-error Limits are numbers.
void createOptimizer({ upstreams, sandbox, limits: { wallMs: "30s" } });
// @ts-expect-error A limit that there is not.
void createOptimizer({ upstreams, sandbox, limits: { seconds: 30 } });
void createOptimizer({
  upstreams,
  sandbox,
  flags: { executionMode: "hybrid", maxTokensPerRequest: 500 },
  limits: { wallMs: 5_000 },
  policy: createPolicy({ default: { write: "ask" }, rules: [{ decide: "deny", server: "mail" }] }),
  check: "advise",
});

// Policies are typed as configurations are.
// @ts-expect-error An effect that there is not.
createPolicy({ default: { update: "ask" } });
// @ts-expect-error A decision that there is not.
createPolicy({ rules: [{ decide: "maybe" }] });
// @ts-expect-error A rule decides something.
createPolicy({ rules: [{ server: "mail" }] });

// Flags.
expectTypeOf<FeatureFlags["executionMode"]>().toEqualTypeOf<"mcp_only" | "code_execution" | "hybrid">();
expectTypeOf<OptimizerOptions["flags"]>().toEqualTypeOf<Partial<FeatureFlags> | undefined>();
// @ts-expect-error A mode that there is not.
({ executionMode: "code" }) satisfies Partial<FeatureFlags>;
// @ts-expect-error Seconds, not a text.
({ cacheTtlSeconds: "300" }) satisfies Partial<FeatureFlags>;

// Runs.
declare const optimizer: Optimizer;
expectTypeOf(optimizer.run({ code: "return 1" }))
  .resolves.toHaveProperty("value")
  .toEqualTypeOf<JsonValue | undefined>();
// @ts-expect-error A run has a program.
void optimizer.run({});
// @ts-expect-error A language that there is not.
void optimizer.run({ code: "1", language: "ruby" });
// @ts-expect-error Parameters are plain data.
void optimizer.run({ code: "1", params: { now: new Date() } });
expectTypeOf(optimizer.callTool("run_code", { code: "return 1" })).resolves.toEqualTypeOf<ToolResult>();
expectTypeOf(optimizer).toExtend<AsyncDisposable>();

export async function reads(): Promise<ErrorCode | undefined> {
  const report = await optimizer.run({ code: "return 1" });
  // @ts-expect-error There may be no error.
  void report.error.code;
  // @ts-expect-error A report is not to be changed.
  report.runId = "another";
  return report.error?.code;
}
