import type { CallOutcome } from "@mcp-optimizer/contracts";
import { createManualClock, type ManualClock } from "@mcp-optimizer/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createAnswerStore } from "../../src/cache/answer-store.ts";
import { createCallCache, type CallCache } from "../../src/cache/call-cache.ts";
import { cacheRules } from "../../src/cache/cache-settings.ts";
import { createMemoryResponseCache } from "../../src/cache/memory-response-cache.ts";
import { aroundCache } from "./around-cache.ts";
import { toolOf } from "./tool-of.ts";

const FLAGS = { enableCaching: true, cacheTtlSeconds: 300 };

/** Two processes with a cache each, over one store whose every answer takes as long as fast-check likes. */
function twoProcesses(scheduler: fc.Scheduler, clock: ManualClock): CallCache[] {
  const store = createMemoryResponseCache({ clock });
  const cache = aroundCache(store, async (name, work) => {
    await scheduler.schedule(Promise.resolve(), `${name} is on its way`);
    const done = await work();
    await scheduler.schedule(Promise.resolve(), `${name} is answered`);
    return done;
  });
  let ids = 0;
  const log = (): void => undefined;
  const parts = { cache, clock, log, randomId: () => `w${(ids += 1)}` };
  const answers = createAnswerStore(parts);
  // `fs` and `git` look at one folder.
  const rules = cacheRules({ sameData: [["fs", "git"]] }, FLAGS);
  return [1, 2].map(() => createCallCache({ ...parts, answers, rules }));
}

const SERVERS = ["fs", "fs", "git", "db"] as const;
const TENANTS = ["a", "a", "a", "b"] as const;

const act = fc.record({
  kind: fc.oneof(
    { weight: 16, arbitrary: fc.constant("read") },
    { weight: 2, arbitrary: fc.constant("write") },
    { weight: 1, arbitrary: fc.constantFrom("failing write", "unknown write") },
  ),
  process: fc.nat(1),
  tenant: fc.constantFrom(...TENANTS),
  server: fc.constantFrom(...SERVERS),
  name: fc.constantFrom("list", "list", "list", "show"),
  fresh: fc.nat(7).map((it) => it === 0),
});

type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

/** The version of what a server looks at: `fs` and `git` at the same. */
const dataOf = (server: string): string => (server === "git" ? "fs" : server);

test("a read never gives what was there before a write that ended or was seen before it, nor another tenant's", async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(act, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 3 }),
      async (scheduler, clients) => {
        const clock = createManualClock();
        const processes = twoProcesses(scheduler, clock);
        const versions = new Map<string, number>();
        /** The version that every read from now on has to see. */
        const settled = new Map<string, number>();
        const atServer = (what: string, work: () => void): Promise<void> =>
          scheduler
            .schedule(Promise.resolve(), what)
            .then(work)
            .then(() => scheduler.schedule(Promise.resolve()));

        const read = async (it: Act): Promise<void> => {
          const { tenant, server, name, fresh } = it;
          const least = settled.get(dataOf(server)) ?? 0;
          const call = { tenant, tool: toolOf(server, name), args: {}, key: name, keyed: false, fresh };
          const { result, cached } = await processes[it.process]!.read(call, async () => {
            let version = 0;
            await atServer("read", () => (version = versions.get(dataOf(server)) ?? 0));
            return { content: [], structuredContent: { tenant, server, name, version } };
          });
          const seen = result.structuredContent as { version: number };
          expect(seen).toMatchObject({ tenant, server, name });
          expect(seen.version).toBeGreaterThanOrEqual(least);
          settled.set(dataOf(server), Math.max(settled.get(dataOf(server)) ?? 0, seen.version));
          if (cached) hits += 1;
          expect(cached && fresh).toBe(false);
        };
        const write = async ({ kind, process, server }: Act): Promise<void> => {
          const data = dataOf(server);
          await processes[process]!.write(server, async (): Promise<CallOutcome> => {
            await atServer("write", () => void versions.set(data, (versions.get(data) ?? 0) + 1));
            const error = { code: "tool_failed", message: "no" } as const;
            if (kind === "write") return { state: "applied", value: null };
            return { state: kind === "failing write" ? "failed" : "unknown", error };
          });
          settled.set(data, Math.max(settled.get(data) ?? 0, versions.get(data)!));
        };
        const all = clients.map(async (acts) => {
          for (const one of acts) await (one.kind === "read" ? read(one) : write(one));
        });
        await scheduler.waitFor(Promise.all(all));
      },
    ),
    { numRuns: 300 },
  );
  // Otherwise it says nothing.
  expect(hits).toBeGreaterThan(50);
});
