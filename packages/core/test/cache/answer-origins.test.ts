import type { ProviderOrigin } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, createManualClock } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import type { CacheSettings } from "../../src/cache/cache-settings.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { createOptimizer } from "../../src/create-optimizer.ts";
import { defineIntent } from "../../src/intents/intent.ts";
import { createMemoryMetrics } from "../../src/metrics/memory-metrics.ts";
import { createPolicy } from "../../src/policy/create-policy.ts";
import { tool, type Calls } from "../intents/fixture-tools.ts";
import { NO_SANDBOX } from "../modes/no-sandbox.ts";

/** What one process after the other has. */
interface Start {
  readonly origin?: ProviderOrigin;
  readonly cache?: CacheSettings;
  /** It says so only once the optimizer is there. */
  readonly late?: boolean;
  /** Another server beside. */
  readonly more?: boolean;
}

const COUNT = defineIntent({
  name: "count",
  description: "Counts the notes",
  input: z.object({}),
  tool: { name: "notes.count" },
});

/** Starts optimizers on one store, each after the other has ended. Tells what reaches the server of each, and whether an intent was known. */
function starts() {
  const clock = createManualClock();
  const responseCache = createMemoryResponseCache({ clock });
  return async ({ origin, cache = {}, late = false, more = false }: Start): Promise<[string, boolean]> => {
    const calls: Calls = [];
    const metrics = createMemoryMetrics();
    const notes = createInMemoryProvider("notes", [tool(calls, "list", {}), tool(calls, "count", {})]);
    if (late) notes.setStatus({ state: "connecting" });
    const other = createInMemoryProvider("other", [tool(calls, "list", {})]);
    const optimizer = await createOptimizer({
      upstreams: [Object.assign(notes, origin && { origin }), ...(more ? [other] : [])],
      sandbox: NO_SANDBOX,
      policy: createPolicy({ effects: { "*": "read" } }),
      flags: { executionMode: "mcp_only" },
      intents: [COUNT],
      metrics,
      cache,
      responseCache,
      clock,
    });
    onTestFinished(() => optimizer.dispose());
    if (late) notes.setStatus({ state: "ready" });
    await optimizer.callTool("notes__list", {});
    await optimizer.code.executeIntent("count", {});
    await optimizer.dispose();
    return [calls.join(), metrics.value("response_cache_hits_total", { server: "intents" }) === 1];
  };
}

const APART = { digest: "one", own: false };
const OWN = { digest: "one", own: true };
const MORE = { more: true };
const TIMES = { cache: { ttlSeconds: { "notes.*": 60 } } };
const ASKED = ["list {},count {}", false] as const;
const KNOWN = ["", true] as const;

test.each<[string, Start, Start, readonly [string, boolean]]>([
  ["a server apart", { origin: APART }, { origin: APART }, KNOWN],
  ["a server apart that comes later", { origin: APART, late: true }, { origin: APART, late: true }, KNOWN],
  ["a server without an origin", {}, {}, KNOWN],
  ["a server without an origin that comes later", {}, { late: true }, ASKED],
  ["a server of another configuration", { origin: APART }, { origin: { ...APART, digest: "two" } }, ASKED],
  ["a server that the process starts", { origin: OWN }, { origin: OWN }, ASKED],
  [
    "one that keeps nothing",
    { origin: OWN, cache: { stateless: ["notes"] } },
    { origin: OWN, cache: { stateless: ["notes"] } },
    KNOWN,
  ],
  [
    "one that keeps nothing, of another configuration",
    { origin: OWN, cache: { stateless: ["notes"] } },
    { origin: { ...OWN, digest: "two" }, cache: { stateless: ["notes"] } },
    ASKED,
  ],
  ["a tool that is always asked now", {}, { cache: { never: ["notes.count"] } }, ASKED],
  ["a tool whose time is shorter now", {}, { cache: { ttlSeconds: { "notes.*": 1 } } }, ASKED],
  [
    "a server that another looks at, too, now",
    MORE,
    { ...MORE, cache: { sameData: [["notes", "other"]] } },
    ASKED,
  ],
  ["servers and times as they were", TIMES, TIMES, KNOWN],
  ["a server beside others", { origin: APART }, { origin: APART, more: true }, ["", false]],
])("what a process read of %s is there for the next, or not", async (_what, first, second, asked) => {
  const start = starts();
  expect(await start(first)).toEqual(ASKED);
  expect(await start(second)).toEqual(asked);
});
