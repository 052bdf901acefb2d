import { OptimizerError, type ToolProgress, type ToolProvider } from "@mcp-optimizer/contracts";
import { afterEach, describe, expect, test, vi } from "vitest";

// oxlint-disable vitest/expect-expect, vitest/no-conditional-tests, vitest/valid-title, vitest/no-disabled-tests -- a suite is made of parts.

/** A provider under test, with the standard fixture tools behind it. */
export interface ToolProviderHarness {
  readonly provider: ToolProvider;
  /** Ends the server behind the provider's back. */
  readonly kill?: () => void | Promise<void>;
  /** Frees what the harness holds, after the provider was disposed. */
  readonly dispose?: () => void | Promise<void>;
}

/** A case of the suite. */
export type ToolProviderCase =
  | "lists"
  | "keeps unknown fields of tools"
  | "calls"
  | "passes tool errors through"
  | "keeps unknown content blocks"
  | "rejects protocol errors"
  | "rejects unknown tools"
  | "reports progress"
  | "cancels at the server"
  | "refuses an aborted signal"
  | "makes parallel calls"
  | "notices changed tools"
  | "unsubscribes listeners"
  | "disposes"
  | "rejects pending calls when the server dies";

/** What the suite needs. */
export interface ToolProviderSuite {
  readonly name: string;
  /** Makes a fresh provider over `createStandardToolbox()`; it may still be connecting. */
  readonly create: () => ToolProviderHarness | Promise<ToolProviderHarness>;
  /** Cases that do not apply, each with its reason. */
  readonly skip?: Partial<Record<ToolProviderCase, string>>;
}

const BOUND = { timeout: 15_000, interval: 10 };
const code = (error: unknown): string =>
  OptimizerError.is(error) ? error.code : `not typed: ${String(error)}`;

/** Holds a provider to the ToolProvider port. Call it at the top of a vitest file. */
export function testToolProvider(suite: ToolProviderSuite): void {
  describe(`${suite.name} is a tool provider`, () => {
    let open: ToolProviderHarness[] = [];
    afterEach(async () => {
      for (const harness of open) {
        await harness.provider.dispose();
        await harness.dispose?.();
      }
      open = [];
    });

    const ready = async (): Promise<ToolProviderHarness> => {
      const harness = await suite.create();
      open.push(harness);
      await vi.waitFor(() => expect(harness.provider.status).toEqual({ state: "ready" }), BOUND);
      return harness;
    };
    const define = (name: ToolProviderCase, body: () => Promise<void>): void => {
      const reason = suite.skip?.[name];
      if (reason === undefined) test(name, body);
      else test.skip(`${name} (skipped: ${reason})`, body);
    };

    define("lists", async () => {
      const { provider } = await ready();
      expect(provider.tools.map((tool) => tool.name)).toEqual(
        expect.arrayContaining([
          "echo",
          "add",
          "fail",
          "hologram",
          "count",
          "reject",
          "wait",
          "cancelled",
          "add_tool",
        ]),
      );
      for (const tool of provider.tools) expect(tool.inputSchema).toMatchObject({ type: "object" });
    });

    define("keeps unknown fields of tools", async () => {
      const { provider } = await ready();
      expect(provider.tools.find((tool) => tool.name === "echo")).toMatchObject({
        vendorField: { nested: ["kept"] },
        annotations: { readOnlyHint: true, vendorHint: "kept" },
        _meta: { "example.com/note": "kept" },
      });
    });

    define("calls", async () => {
      const { provider } = await ready();
      expect(await provider.callTool("echo", { text: "grüße \u2028 🎈" })).toMatchObject({
        content: [{ type: "text", text: "grüße \u2028 🎈" }],
      });
      expect((await provider.callTool("add", { a: 2, b: 3 })).structuredContent).toEqual({ sum: 5 });
    });

    define("passes tool errors through", async () => {
      const { provider } = await ready();
      expect(await provider.callTool("fail", { message: "no such row" })).toMatchObject({
        isError: true,
        content: [{ type: "text", text: "no such row" }],
      });
    });

    define("keeps unknown content blocks", async () => {
      const { provider } = await ready();
      expect(await provider.callTool("hologram", {})).toMatchObject({
        content: [{ type: "hologram", depth: 3, vendor: { kept: true } }],
        vendorResult: ["kept"],
        _meta: { "example.com/trace": "kept" },
      });
    });

    define("rejects protocol errors", async () => {
      const { provider } = await ready();
      const call = provider.callTool("reject", { code: -32011, message: "the moon is not in phase" });
      const error = (await call.catch((error: unknown) => error)) as OptimizerError;
      expect(code(error)).toBe("upstream_failed");
      expect(error.message).toContain("the moon is not in phase");
      expect(error.data).toMatchObject({ rpcCode: -32011 });
    });

    define("rejects unknown tools", async () => {
      const { provider } = await ready();
      const error = await provider.callTool("no_such_tool", {}).catch((error: unknown) => error);
      expect(code(error)).toBe("upstream_failed");
    });

    define("reports progress", async () => {
      const { provider } = await ready();
      const seen: ToolProgress[] = [];
      await provider.callTool("count", { to: 5 }, { onProgress: (progress) => seen.push(progress) });
      expect(seen).toEqual(
        [1, 2, 3, 4, 5].map((step) => ({ progress: step, total: 5, message: `step ${step}` })),
      );
    });

    define("cancels at the server", async () => {
      const { provider } = await ready();
      const controller = new AbortController();
      const started = Promise.withResolvers<void>();
      const call = provider.callTool(
        "wait",
        {},
        { signal: controller.signal, onProgress: () => started.resolve() },
      );
      const outcome = call.then(() => "resolved", code);
      await started.promise;
      controller.abort();
      expect(await outcome).toBe("cancelled");
      await vi.waitFor(async () => {
        const { structuredContent } = await provider.callTool("cancelled", {});
        expect(structuredContent).toEqual({ cancelled: 1, waiting: 0 });
      }, BOUND);
    });

    define("refuses an aborted signal", async () => {
      const { provider } = await ready();
      const call = provider.callTool("echo", { text: "never" }, { signal: AbortSignal.abort() });
      expect(await call.then(() => "resolved", code)).toBe("cancelled");
    });

    define("makes parallel calls", async () => {
      const { provider } = await ready();
      const numbers = Array.from({ length: 32 }, (_, index) => index);
      const sums = await Promise.all(
        numbers.map(async (n) => (await provider.callTool("add", { a: n, b: n })).structuredContent),
      );
      expect(sums).toEqual(numbers.map((n) => ({ sum: 2 * n })));
    });

    define("notices changed tools", async () => {
      const { provider } = await ready();
      const before = provider.tools;
      const count = before.length;
      const listener = vi.fn<() => void>();
      provider.onChange(listener);
      await provider.callTool("add_tool", { name: "late" });
      await vi.waitFor(() => expect(provider.tools.map((tool) => tool.name)).toContain("late"), BOUND);
      expect(listener).toHaveBeenCalled();
      expect(before).toHaveLength(count);
      expect(await provider.callTool("late", {})).toMatchObject({ content: [{ text: "late" }] });
    });

    define("unsubscribes listeners", async () => {
      const { provider } = await ready();
      const listener = vi.fn<() => void>();
      provider.onChange(listener)();
      await provider.callTool("add_tool", { name: "late" });
      await vi.waitFor(() => expect(provider.tools.map((tool) => tool.name)).toContain("late"), BOUND);
      expect(listener).not.toHaveBeenCalled();
    });

    define("disposes", async () => {
      const { provider } = await ready();
      const started = Promise.withResolvers<void>();
      const pending = provider
        .callTool("wait", {}, { onProgress: () => started.resolve() })
        .then(() => "resolved", code);
      await started.promise;
      await Promise.all([provider.dispose(), provider.dispose()]);
      await provider.dispose();
      expect(await pending).toBe("upstream_failed");
      expect(await provider.callTool("echo", { text: "late" }).then(() => "resolved", code)).toBe(
        "upstream_failed",
      );
    });

    define("rejects pending calls when the server dies", async () => {
      const harness = await ready();
      const { provider } = harness;
      const started = Promise.withResolvers<void>();
      const pending = provider
        .callTool("wait", {}, { onProgress: () => started.resolve() })
        .then(() => "resolved", code);
      await started.promise;
      await harness.kill!();
      expect(await pending).toBe("upstream_failed");
    });
  });
}
