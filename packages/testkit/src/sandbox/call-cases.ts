import type { HostReply } from "@mcp-optimizer/contracts";
import { expect } from "vitest";
import type { SandboxCase } from "./sandbox-guest-run.ts";

/** Calls from programs to the host. */
export const CALL_CASES: readonly SandboxCase[] = [
  {
    name: "passes names and arguments as they are",
    decidedBy: "agent",
    sampled: true,
    run: async ({ value }) => {
      expect(
        await value(`return [
          await fixture.echo({ a: [1, { b: 'x' }] }, 2, undefined), await fixture['not-listed'](),
          await tools.call('git.git_log', { n: 1 }), await vault.open('h'),
          ...(await Promise.all([tools.search('x'), tools.describe('y'), tools.parse('z'), show('h'), tools.show('h'),
            vault.slice('h', 0, 1), vault.select('h', '$'), vault.grep('h', 'x'),
            session.delete('k'), session.keys()])).map(({ name }) => name),
          await session.get('k'), await session.set('k', { a: null }, { ttl: 5 })]`),
      ).toEqual([
        { name: "fixture.echo", args: [{ a: [1, { b: "x" }] }, 2] },
        { name: "fixture.not-listed", args: [] },
        { name: "tools.call", args: ["git.git_log", { n: 1 }] },
        { name: "vault.open", args: ["h"] },
        "tools.search",
        "tools.describe",
        "tools.parse",
        "tools.show",
        "tools.show",
        "vault.slice",
        "vault.select",
        "vault.grep",
        "session.delete",
        "session.keys",
        { name: "session.get", args: ["k"] },
        { name: "session.set", args: ["k", { a: null }, { ttl: 5 }] },
      ]);
    },
  },
  {
    name: "answers without a value as undefined",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(await value("return (await fixture.nothing()) === undefined")).toBe(true);
    },
  },
  {
    name: "lists the tools of a namespace and nothing else",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(
        await value(`return [Object.keys(fixture), 'echo' in fixture, 'nope' in fixture, typeof fixture.nope,
          typeof fixture.then, typeof fixture[Symbol.iterator], await fixture === fixture]`),
      ).toEqual([["echo", "fail"], true, false, "function", "undefined", "undefined", true]);
    },
  },
  {
    name: "makes three calls at once",
    decidedBy: "agent",
    sampled: true,
    run: async ({ value }) => {
      let underWay = 0;
      let most = 0;
      const gate = Promise.withResolvers<void>();
      const host = {
        call: async (): Promise<HostReply> => {
          most = Math.max(most, ++underWay);
          if (underWay === 3) {
            gate.resolve();
          }
          await gate.promise;
          return { ok: true, value: most };
        },
      };
      expect(
        await value("return Promise.all([fixture.echo(), fixture.echo(), fixture.echo()])", { host }),
      ).toEqual([3, 3, 3]);
    },
  },
  {
    name: "throws a failed call as a typed error that can be caught",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(
        await value(`try { await fixture.fail() } catch (e) {
          return [e instanceof ToolError, e instanceof Error, e.name, e.code, e.tool, e.data.row, e.message]
        }`),
      ).toEqual([true, true, "ToolError", "tool_failed", "fixture.fail", 7, "no such row"]);
    },
  },
  {
    name: "reports a failed call that nothing caught, with the program's line",
    decidedBy: "agent",
    run: async ({ run }) => {
      const { failure } = await run("\n\nawait fixture.fail()");
      expect(failure).toMatchObject({
        code: "tool_failed",
        name: "ToolError",
        tool: "fixture.fail",
        message: "no such row",
        data: { row: 7 },
        position: { line: 3 },
      });
    },
  },
  {
    name: "reports failures that nothing handled",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome =
        await run(`Promise.reject(new TypeError('lost')); const p = Promise.reject(1); p.catch(() => 0);
        fixture.fail(); await fixture.echo(); await fixture.echo(); return 1`);
      expect(outcome.value).toBe(1);
      expect(outcome.unhandled).toHaveLength(2);
      expect(outcome.unhandled).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: "TypeError", message: "lost" }),
          expect.objectContaining({ code: "tool_failed", tool: "fixture.fail" }),
        ]),
      );
    },
  },
  {
    name: "reports calls that nothing waited for, and aborts them",
    decidedBy: "agent",
    run: async ({ run }) => {
      const aborted = Promise.withResolvers<void>();
      const host = {
        call: async (_call: unknown, signal: AbortSignal): Promise<HostReply> => {
          signal.addEventListener("abort", () => aborted.resolve());
          await aborted.promise;
          return { ok: true };
        },
      };
      const outcome = await run("fixture.echo(); await new Promise((r) => setTimeout(r, 1)); return 1", {
        host,
      });
      expect(outcome.value).toBe(1);
      expect(outcome.unhandled).toMatchObject([{ code: "cancelled", tool: "fixture.echo" }]);
      await aborted.promise;
    },
  },
  {
    name: "drops an answer that comes after the end",
    decidedBy: "agent",
    sampled: true,
    run: async ({ run, value }) => {
      const late = Promise.withResolvers<HostReply>();
      const host = { call: () => late.promise };
      expect(
        (await run("fixture.echo().then(() => { globalThis.late = true }); return 1", { host })).value,
      ).toBe(1);
      const next = value("await fixture.echo(); return typeof late");
      late.resolve({ ok: true, value: "late" });
      expect(await next).toBe("undefined");
    },
  },
  {
    name: "refuses arguments that cannot be sent, and says which",
    decidedBy: "agent",
    run: async ({ value }) => {
      const said = await value(`const a = {}; a.a = a; const said = [];
        for (const args of [{ f() {} }, a, { p: fixture.echo() }, { n: NaN }]) {
          try { await fixture.echo(args) } catch (e) { said.push([e.code, e.message]) }
        }
        return said`);
      const words = ["arguments[0].f", "Circular", "not awaited", "NaN"];
      expect(said).toEqual(words.map((word) => ["invalid_params", expect.stringContaining(word)]));
    },
  },
  {
    name: "answers a host that breaks its word",
    decidedBy: "agent",
    run: async ({ run }) => {
      const host = { call: () => Promise.reject(new Error("secret of the host")) };
      const { failure } = await run("return fixture.echo()", { host });
      expect(failure).toMatchObject({ code: "internal", tool: "fixture.echo" });
      expect(JSON.stringify(failure)).not.toContain("secret");
    },
  },
];
