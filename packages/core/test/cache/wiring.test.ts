import type { FeatureFlags, ToolResult } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, createManualClock } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import type { CacheSettings } from "../../src/cache/cache-settings.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import type { PolicySettings } from "../../src/policy/policy-rules.ts";
import { tool, type Calls } from "../intents/fixture-tools.ts";
import { NO_SANDBOX } from "../modes/no-sandbox.ts";
import { aroundCache } from "./around-cache.ts";

const READS: PolicySettings = { effects: { "*": "read" } };
const SAYS_IT_READS: PolicySettings = {};
const TRUSTED: PolicySettings = { trustAnnotations: ["notes"] };

test.each<[string, number, PolicySettings, Partial<FeatureFlags>, CacheSettings?]>([
  ["is trusted by nobody", 3, SAYS_IT_READS, {}],
  ["is trusted", 1, TRUSTED, {}],
  ["reads, as the policy says", 1, READS, {}],
  ["reads, without caching", 3, READS, { enableCaching: false }],
  ["reads, without time", 3, READS, { cacheTtlSeconds: 0 }],
  ["reads, with a time that is over", 2, READS, { cacheTtlSeconds: 1 }],
  ["reads, with a time of its own that is over", 2, READS, {}, { ttlSeconds: { "notes.*": 1 } }],
])("of three calls of a tool that %s, %i reach the server", async (_name, reached, policy, flags, cache) => {
  const calls: Calls = [];
  const clock = createManualClock();
  const optimizer = await createOptimizer({
    upstreams: [createInMemoryProvider("notes", [tool(calls, "list", {}, () => ({ version: 1 }))])],
    sandbox: NO_SANDBOX,
    policy: createPolicy(policy),
    flags: { executionMode: "mcp_only", ...flags },
    ...(cache && { cache }),
    clock,
  });
  onTestFinished(() => optimizer.dispose());
  const results: ToolResult[] = [await optimizer.callTool("notes__list", {})];
  results.push(await optimizer.callTool("notes__list", {}));
  clock.advance(1_000);
  results.push(await optimizer.callTool("notes__list", {}));
  expect(calls).toHaveLength(reached);
  expect(results.filter(({ _meta }) => _meta?.["mcp-optimizer/cached"] === true)).toHaveLength(3 - reached);
  for (const { structuredContent } of results) expect(structuredContent).toEqual({ version: 1 });
});

test("a server that came back is told to the cache as soon as the cache can be told", async () => {
  const calls: Calls = [];
  const clock = createManualClock();
  let full = false;
  const responseCache = aroundCache(createMemoryResponseCache({ clock }), async (name, work) => {
    if (full && name === "hold") throw new Error("the disk is full");
    return await work();
  });
  const notes = createInMemoryProvider("notes", [tool(calls, "list", {})]);
  const optimizer = await createOptimizer({
    upstreams: [notes],
    sandbox: NO_SANDBOX,
    policy: createPolicy(READS),
    flags: { executionMode: "mcp_only" },
    responseCache,
    clock,
    log: () => undefined,
  });
  onTestFinished(() => optimizer.dispose());
  await optimizer.callTool("notes__list", {});
  full = true;
  notes.setStatus({ state: "failed", reason: "gone" });
  notes.setStatus({ state: "ready" });
  // Its holds have failed by then.
  await optimizer.callTool("notes__list", {});
  full = false;
  clock.advance(5_000);
  await optimizer.callTool("notes__list", {});
  expect(calls).toHaveLength(2);
});
