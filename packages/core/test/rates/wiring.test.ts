import { createInMemoryProvider, type FixtureTool } from "@mcp-optimizer/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createOptimizer } from "../../src/create-optimizer.ts";
import type { Optimizer } from "../../src/optimizer.ts";
import { createMemoryRateWindow } from "../../src/rates/memory-rate-window.ts";
import { createMemoryRunPlaces } from "../../src/rates/memory-run-places.ts";
import type { RateSettings } from "../../src/rates/rate-settings.ts";
import { systemClock } from "../../src/system-clock.ts";
import { createVmSandbox } from "../intents/vm-sandbox.ts";

/** Two optimizers that count in one place; their tool answers when it is let go. */
async function pair(rates: RateSettings): Promise<{
  readonly optimizers: readonly [Optimizer, Optimizer];
  readonly called: Promise<void>;
  readonly letGo: () => void;
}> {
  const windows = new Map<string, ReturnType<typeof createMemoryRateWindow>>();
  const runPlaces = createMemoryRunPlaces({ clock: systemClock });
  const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: called, resolve: onCall } = Promise.withResolvers<void>();
  const make = async (): Promise<Optimizer> => {
    const wait: FixtureTool = {
      definition: { name: "wait", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
      async call() {
        onCall();
        await go;
        return { content: [], structuredContent: { waited: true } };
      },
    };
    const optimizer = await createOptimizer({
      upstreams: [createInMemoryProvider("notes", [wait])],
      sandbox: createVmSandbox(),
      flags: { executionMode: "hybrid", enableCaching: false },
      rates,
      rateWindows: (options) => {
        const window = windows.get(options.name) ?? createMemoryRateWindow(options);
        windows.set(options.name, window);
        return window;
      },
      runPlaces,
      maxRuns: 1,
    });
    onTestFinished(() => optimizer.dispose());
    return optimizer;
  };
  return { optimizers: [await make(), await make()], called, letGo };
}

const refused = (code: string) => ({ _meta: { "mcp-optimizer/error": { code, status: 429 } } });

test("optimizers that share their counts let through no more together than one alone", async () => {
  const { optimizers, called, letGo } = await pair({ tenant: { runsAtOnce: 1, callsPerMinute: 2 } });
  const [one, two] = optimizers;
  const first = one.callTool("notes__wait", {});
  await called;
  expect(await two.callTool("notes__wait", {})).toMatchObject(refused("concurrency_limit"));
  letGo();
  await first;
  await two.callTool("notes__wait", {});
  expect(await one.callTool("notes__wait", {})).toMatchObject(refused("rate_limit"));
});

test("programs that ask for their places at once are counted at once", async () => {
  const { optimizers, called, letGo } = await pair({ tenant: { runsAtOnce: 9 } });
  const code = "return await notes.wait({})";
  const runs = Array.from({ length: 3 }, () => optimizers[0].run({ code }));
  const others = Promise.allSettled(runs);
  await called;
  letGo();
  const ended = await others;
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(await optimizers[0].run({ code })).toMatchObject({ value: { waited: true } });
});

test("who calls a session as a colleague calls his uses up nothing of that one's", async () => {
  const { optimizers, letGo } = await pair({ session: { runsPerMinute: 2, callsPerMinute: 2 } });
  letGo();
  const [optimizer] = optimizers;
  const use = async (principal: string) => {
    const caller = { tenant: "team", principal, session: "mine" };
    await optimizer.run({ ...caller, code: "return await notes.wait({})" });
    return await optimizer.callTool("notes__wait", {}, caller);
  };
  for (const principal of ["ada", "bob"]) expect(await use(principal)).not.toHaveProperty("isError");
  await expect(use("ada")).rejects.toMatchObject({
    code: "rate_limit",
    data: { limit: "rates.session.runsPerMinute" },
  });
});
