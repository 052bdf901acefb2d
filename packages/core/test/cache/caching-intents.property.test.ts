import type { ResponseEnvelope } from "@mcp-optimizer/contracts";
import { createInMemoryProvider, type FixtureTool } from "@mcp-optimizer/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { defineIntent } from "../../src/intents/intent.ts";
import { createEngine } from "../intents/engine.ts";

const PAIR = defineIntent({
  name: "pair",
  description: "Versions of both",
  input: z.object({}),
  code: "return [(await left.show({})).version, (await right.show({})).version]",
});
const SERVERS = ["left", "right"] as const;

const act = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant("intent") },
    { weight: 1, arbitrary: fc.constantFrom(...SERVERS) },
  ),
  tenant: fc.constantFrom("a", "a", "a", "b"),
});

test("an intent never gives what was there before a write that ended before it", async () => {
  const versions = { left: 0, right: 0 };
  const settled = { left: 0, right: 0 };
  let scheduler: fc.Scheduler | undefined;
  const wait = async (): Promise<void> => await scheduler?.schedule(Promise.resolve());
  const toolOf = (name: string, readOnlyHint: boolean, answer: () => object): FixtureTool => ({
    definition: { name, inputSchema: { type: "object" }, annotations: { readOnlyHint } },
    call: async () => {
      await wait();
      const value = answer();
      await wait();
      return { content: [{ type: "text", text: JSON.stringify(value) }] };
    },
  });
  const upstreams = SERVERS.map((server) =>
    createInMemoryProvider(server, [
      toolOf("show", true, () => ({ version: versions[server] })),
      toolOf("change", false, () => ({ version: (versions[server] += 1) })),
    ]),
  );
  const { code, callDirect, metrics } = await createEngine({
    upstreams,
    intents: [PAIR],
    mode: "code_execution",
    cache: {},
  });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(act, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 }),
      async (own, clients) => {
        scheduler = own;
        round += 1;
        const intent = async (tenant: string): Promise<void> => {
          const least = { ...settled };
          const envelope: ResponseEnvelope = await code.executeIntent("pair", {}, { tenant });
          if (!("result" in envelope)) throw new Error(envelope.error.message);
          const [left, right] = envelope.result.data as [number, number];
          expect(left).toBeGreaterThanOrEqual(least.left);
          expect(right).toBeGreaterThanOrEqual(least.right);
        };
        const write = async (server: "left" | "right", tenant: string): Promise<void> => {
          await callDirect({ name: `${server}.change`, args: {}, tenant });
          settled[server] = Math.max(settled[server], versions[server]);
        };
        const all = clients.map(async (acts) => {
          for (const { kind, tenant: name } of acts) {
            const tenant = `${name}${round}`;
            await (kind === "intent" ? intent(tenant) : write(kind, tenant));
          }
        });
        await own.waitFor(Promise.all(all));
      },
    ),
    { numRuns: 30 },
  );
  // Otherwise it says nothing.
  expect(metrics.value("response_cache_hits_total", { server: "intents" })).toBeGreaterThan(10);
});
