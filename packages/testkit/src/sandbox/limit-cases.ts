import type { HostReply } from "@mcp-optimizer/contracts";
import { expect } from "vitest";
import type { SandboxCase } from "./sandbox-guest-run.ts";

function endsBombs(name: string, decidedBy: SandboxCase["decidedBy"], bombs: readonly string[]): SandboxCase {
  return {
    name,
    decidedBy,
    timeout: 60_000,
    run: async ({ run, value, bombLimits }) => {
      for (const bomb of bombs) {
        const { failure } = await run(bomb, { limits: bombLimits });
        expect(failure?.code, bomb).toBe("memory_limit");
      }
      expect(await value("return 'next'")).toBe("next");
    },
  };
}

/** Every limit, reached. */
export const LIMIT_CASES: readonly SandboxCase[] = [
  {
    name: "ends an endless loop at the CPU limit",
    decidedBy: "wall",
    run: async ({ run }) => {
      const outcome = await run("for (;;) {}", { limits: { cpuMs: 200 } });
      expect(outcome.failure?.code).toBe("cpu_limit");
      expect(outcome).not.toHaveProperty("value");
    },
  },
  {
    name: "ends a loop that catches everything",
    decidedBy: "agent",
    run: async ({ run }) => {
      const body = "for (;;) { try { for (;;) {} } catch {} finally { continue } }";
      expect((await run(body, { limits: { cpuMs: 200 } })).failure?.code).toBe("cpu_limit");
    },
  },
  {
    name: "ends a native loop that never looks at the clock",
    decidedBy: "wall",
    run: async ({ run, value }) => {
      const outcome = await run("return new Array(2 ** 31).join('x')", {
        limits: { cpuMs: 200, wallMs: 5_000 },
      });
      expect(["cpu_limit", "timeout", "memory_limit", "program_failed"]).toContain(outcome.failure?.code);
      expect(await value("return 'next'")).toBe("next");
    },
  },
  {
    name: "ends a regular expression that runs away",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome = await run("return /^(a+)+$/.test('a'.repeat(40) + 'b')", { limits: { cpuMs: 200 } });
      expect(outcome.failure?.code).toBe("cpu_limit");
    },
  },
  {
    name: "ends a flood of microtasks",
    decidedBy: "agent",
    run: async ({ run }) => {
      const body = "const next = () => Promise.resolve().then(next); next(); await new Promise(() => {})";
      expect((await run(body, { limits: { cpuMs: 200 } })).failure?.code).toBe("cpu_limit");
    },
  },
  {
    name: "does not charge waiting as CPU",
    decidedBy: "wall",
    run: async ({ run, slowness }) => {
      const outcome = await run(`await new Promise((r) => setTimeout(r, ${300 * slowness})); return 1`, {
        limits: { cpuMs: 100 },
      });
      expect(outcome.value).toBe(1);
      expect(outcome.usage.wallMs).toBeGreaterThanOrEqual(290 * slowness);
      expect(outcome.usage.cpuMs).toBeLessThan(100 * slowness);
    },
  },
  {
    name: "ends a program that waits too long",
    decidedBy: "wall",
    run: async ({ run }) => {
      const waits = await run("console.log('waits'); await new Promise((r) => setTimeout(r, 60_000))", {
        limits: { wallMs: 200 },
      });
      expect(waits.failure?.code).toBe("timeout");
      expect(waits.console).toEqual([{ level: "log", text: "waits" }]);
      const ticks = await run("setInterval(() => {}, 5); await new Promise(() => {})", {
        limits: { wallMs: 200 },
      });
      expect(ticks.failure?.code).toBe("timeout");
    },
  },
  {
    name: "ends a program that waits for a tool too long, and aborts the call",
    decidedBy: "wall",
    run: async ({ run }) => {
      const aborted = Promise.withResolvers<void>();
      const host = {
        call: async (_call: unknown, signal: AbortSignal): Promise<HostReply> => {
          signal.addEventListener("abort", () => aborted.resolve());
          await aborted.promise;
          return { ok: true };
        },
      };
      const outcome = await run("await fixture.echo()", { host, limits: { wallMs: 200 } });
      expect(outcome.failure?.code).toBe("timeout");
      await aborted.promise;
    },
  },
  {
    name: "notices a promise that nothing can settle",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome = await run("await new Promise(() => {})");
      expect(outcome.failure).toMatchObject({
        code: "program_failed",
        message: expect.stringContaining("nothing settles"),
      });
    },
  },
  endsBombs("ends memory bombs at the memory limit", "wall", [
    "const a = []; for (;;) a.push(new Array(1000).fill(a.length))",
    "const a = []; for (;;) a.push(new Uint8Array(1_000_000))",
  ]),
  endsBombs("ends memory bombs of text and of maps at the memory limit", "agent", [
    "const a = []; for (;;) a.push('x'.repeat(100_000) + a.length)",
    "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
  ]),
  {
    name: "survives deep recursion and deep nesting",
    decidedBy: "agent",
    run: async ({ run, value }) => {
      expect((await run("const f = () => f() + 1; return f()")).failure?.code).toBe("program_failed");
      expect(await value("try { (function f() { f() })() } catch (e) { return e.name }")).toBeTypeOf(
        "string",
      );
      const deep = await run("return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))");
      if (deep.failure === undefined) {
        // An engine whose parser does not recurse gives the value to the harness, which shortens it.
        expect(JSON.stringify(deep.value)).toContain("nested deeper");
      }
      expect(await value("return 'next'")).toBe("next");
    },
  },
  {
    name: "counts console output over its limit",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome = await run("for (let i = 0; i < 1000; i++) console.log('äöü'.repeat(10)); return 1", {
        limits: { consoleBytes: 1_000 },
      });
      const kept = outcome.console.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      expect(kept).toBeLessThanOrEqual(1_000);
      expect(kept).toBeGreaterThan(900);
      expect(kept + outcome.consoleOmittedBytes).toBe(60_000);
    },
  },
  {
    name: "refuses calls over their number, and goes on",
    decidedBy: "agent",
    run: async ({ value, run }) => {
      let served = 0;
      const host = {
        call: async (): Promise<HostReply> => {
          served++;
          return { ok: true };
        },
      };
      const body = `const all = await Promise.allSettled(Array.from({ length: 12 }, () => fixture.echo()));
        return all.filter((one) => one.status === 'rejected').map((one) => one.reason.code)`;
      expect(await value(body, { limits: { calls: 10 }, host })).toEqual(["call_limit", "call_limit"]);
      expect(served).toBe(10);
      const { failure } = await run("for (;;) await fixture.echo()", { limits: { calls: 10 } });
      expect(failure).toMatchObject({ code: "call_limit", tool: "fixture.echo" });
    },
  },
  {
    name: "serves 100,000 parallel calls within its limit",
    decidedBy: "wall",
    timeout: 90_000,
    run: async ({ run }) => {
      let served = 0;
      const host = {
        call: async (): Promise<HostReply> => {
          served++;
          return { ok: true };
        },
      };
      const outcome = await run("return Promise.all(Array.from({ length: 100_000 }, () => fixture.echo()))", {
        host,
      });
      expect(["call_limit", "cpu_limit", "timeout", "memory_limit"]).toContain(outcome.failure?.code);
      expect(served).toBeLessThanOrEqual(256);
    },
  },
  {
    name: "lets only so many calls through at once",
    decidedBy: "agent",
    run: async ({ value }) => {
      let underWay = 0;
      let most = 0;
      const host = {
        call: async (): Promise<HostReply> => {
          most = Math.max(most, ++underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay--;
          return { ok: true, value: 1 };
        },
      };
      const body = "return (await Promise.all(Array.from({ length: 30 }, () => fixture.echo()))).length";
      expect(await value(body, { host, limits: { callsAtOnce: 4 } })).toBe(30);
      expect(most).toBe(4);
    },
  },
  {
    name: "refuses arguments, answers and values over their size",
    decidedBy: "agent",
    run: async ({ value, run }) => {
      const limits = { argumentBytes: 10_000, replyBytes: 10_000, valueBytes: 10_000 };
      const code = (call: string): string => `try { await ${call} } catch (e) { return [e.code, e.tool] }`;
      expect(await value(code("fixture.echo('x'.repeat(10_001))"), { limits })).toEqual([
        "output_limit",
        "fixture.echo",
      ]);
      expect(await value(code("fixture.echo('ä'.repeat(6_000))"), { limits })).toEqual([
        "output_limit",
        "fixture.echo",
      ]);
      const host = { call: async (): Promise<HostReply> => ({ ok: true, value: "y".repeat(10_001) }) };
      expect(await value(code("fixture.echo()"), { limits, host })).toEqual(["output_limit", "fixture.echo"]);
      expect((await run("return 'z'.repeat(10_001)", { limits })).failure?.code).toBe("output_limit");
      expect((await run("return 'ä'.repeat(6_000)", { limits })).failure?.code).toBe("output_limit");
      expect(await value("return 'z'.repeat(9_990).length", { limits })).toBe(9_990);
    },
  },
  {
    name: "carries values of many megabytes",
    decidedBy: "wall",
    timeout: 60_000,
    run: async ({ value }) => {
      const rows = Array.from({ length: 60_000 }, (_, id) => ({
        id,
        name: `row ${id}`,
        tags: ["a", "b"],
        ok: id % 2 === 0,
      }));
      const host = { call: async (): Promise<HostReply> => ({ ok: true, value: rows }) };
      expect(await value("const rows = await fixture.echo(); return rows", { host })).toEqual(rows);
    },
  },
];
