import type { HostCall, HostReply, JsonValue } from "@mcp-optimizer/contracts";
import { expect } from "vitest";
import { ECHO_HOST, type SandboxCase } from "./sandbox-guest-run.ts";

/** Looks for anything that an earlier program left. */
const PROBE = `
  const leaks = [];
  const mark = (name, bad) => { if (bad) leaks.push(name) };
  mark('global', 'leak' in globalThis || typeof evil !== 'undefined');
  mark('object prototype', ({}).polluted !== undefined || 'polluted' in []);
  mark('array', [3, 1, 2].sort().join() !== '1,2,3' || [1].map((x) => x)[0] !== 1);
  mark('json', JSON.stringify({ a: 1 }) !== '{"a":1}' || JSON.parse('[1]')[0] !== 1);
  mark('promise', (await Promise.resolve(5)) !== 5 || (await new Promise((r) => r(6)).then((x) => x)) !== 6);
  mark('symbol', Symbol.for('registered').description !== 'registered' || Symbol.leak !== undefined);
  mark('frozen', Object.isFrozen(Array.prototype) || Object.isFrozen(Object.prototype));
  mark('math', Math.max(1, 2) !== 2 || typeof Math.random() !== 'number');
  mark('regexp', RegExp.$1 !== undefined && RegExp.$1 !== '');
  mark('date', typeof Date.now() !== 'number' || Date.now() < 1e12);
  mark('console', typeof console.log !== 'function');
  mark('error', new Error('x').message !== 'x' || Error.prepareStackTrace !== undefined);
  mark('call', (await fixture.echo(1)).args[0] !== 1);
  return leaks;`;

/** Programs that leave what lives on: globals, prototypes, timers, calls, memory. None may be noticed afterwards. */
const LEAVING: readonly string[] = [
  "globalThis.leak = 1; evil = 2",
  "Object.prototype.polluted = 1; Array.prototype.polluted = 1",
  "setInterval(() => { globalThis.leak = 1 }, 1); setTimeout(() => { Object.prototype.polluted = 1 }, 1)",
  "for (let i = 0; i < 20; i++) fixture.echo(i).then(() => { globalThis.leak = 1 })",
  "const grow = []; for (let i = 0; i < 60_000; i++) grow.push({ i, text: 'x'.repeat(50) }); globalThis.leak = grow",
];

/** Programs that spoil what they can reach inside their realm. Some fail; none may be noticed afterwards. */
const SPOILING: readonly string[] = [
  "Array.prototype.sort = Array.prototype.map = () => ['evil']; Array.prototype[Symbol.iterator] = function* () { yield 'evil' }",
  "JSON.stringify = JSON.parse = () => 'evil'; Object.prototype.toJSON = () => 'evil'",
  "Promise.prototype.then = function () { return this }; Promise.resolve = () => 'evil'; Promise.prototype.constructor = null",
  "Symbol.for('registered').leak = 1; Object.defineProperty(Symbol, 'leak', { value: 1 })",
  "Object.freeze(Array.prototype); Object.freeze(Object.prototype); Object.freeze(globalThis)",
  "Math.random = Math.max = () => 'evil'; Date.now = () => 0; Date = null",
  "/(e)(v)/.exec('ev'); RegExp.prototype.exec = () => { throw 1 }",
  "console.log = null; console = undefined; delete globalThis.console",
  "Error.prepareStackTrace = () => 'evil'; Error = null; Error.stackTraceLimit = 0",
  "for (const key of Reflect.ownKeys(globalThis)) { try { delete globalThis[key] } catch {} }",
  "for (let i = 0; i < 100; i++) Promise.resolve().then(() => { globalThis.leak = i })",
  "(function f() { f() })()",
  "globalThis.leak = new Map([[{}, 1]]); globalThis.weak = new WeakRef({}); new FinalizationRegistry(() => 0).register({}, 1)",
  "function* g() { try { yield 1 } finally { globalThis.leak = 1 } } globalThis.it = g(); it.next(); throw new Error('left open')",
  "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'evil'; Reflect.apply = null",
  "WeakMap.prototype.get = Map.prototype.get = () => 'evil'; String.prototype.slice = String.prototype.split = () => 'evil'",
  "for (;;) await fixture.fail().catch(() => 0)",
];

/** A program for each of these: it looks for what the one before it left, says so, and then spoils what it can. */
function freshnessAfter(
  name: string,
  programs: readonly string[],
  decidedBy: SandboxCase["decidedBy"],
): SandboxCase {
  return {
    name,
    decidedBy,
    timeout: 60_000,
    run: async ({ run, value }) => {
      const found: (readonly JsonValue[])[] = [];
      const call = async (asked: HostCall, signal: AbortSignal): Promise<HostReply> => {
        if (asked.name !== "fixture.found") return await ECHO_HOST.call(asked, signal);
        found.push(asked.args);
        return { ok: true };
      };
      let before = "nothing";
      for (const hostile of programs) {
        found.length = 0;
        await run(`await fixture.found(await (async () => {${PROBE}})());\n${hostile}`, {
          limits: { cpuMs: 2_000, wallMs: 4_000 },
          host: { call },
        });
        expect(found, `after ${before}`).toEqual([[[]]]);
        before = hostile;
      }
      expect(await value(PROBE), before).toEqual([]);
    },
  };
}

/** Nothing of a run is visible to the next, and a program cannot spoil its own harness. */
export const FRESHNESS_CASES: readonly SandboxCase[] = [
  freshnessAfter("shows nothing of a run to the next", LEAVING, "wall"),
  freshnessAfter("shows nothing of a run that spoils built-ins to the next", SPOILING, "agent"),
  {
    name: "draws other random numbers in every run",
    decidedBy: "wall",
    run: async ({ value, times }) => {
      const seen = await Promise.all(
        Array.from({ length: times(60) }, () => value("return [Math.random(), crypto.randomUUID()]")),
      );
      expect(new Set(seen.flat()).size).toBe(2 * times(60));
    },
  },
  {
    name: "starts the clock of each run anew",
    decidedBy: "wall",
    run: async ({ value }) => {
      await value("await new Promise((r) => setTimeout(r, 1_500))");
      expect(await value("return performance.now()")).toBeLessThan(1_000);
    },
  },
  {
    name: "works under a program that replaces every built-in",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome = await run(`
        const echo = fixture.echo;
        const evil = function () { throw new Error('evil') };
        const seen = new Set([globalThis]); const queue = [globalThis];
        while (queue.length > 0) {
          const object = queue.shift();
          for (const key of Reflect.ownKeys(object)) {
            const slot = Reflect.getOwnPropertyDescriptor(object, key);
            if (slot === undefined || !('value' in slot)) continue;
            const inner = slot.value;
            if ((typeof inner === 'object' || typeof inner === 'function') && inner !== null && !seen.has(inner)) { seen.add(inner); queue.push(inner) }
          }
        }
        const targets = [...seen].filter((o) => o !== globalThis && o !== console && o !== fixture);
        const define = Reflect.defineProperty, keysOf = Reflect.ownKeys, slotOf = Reflect.getOwnPropertyDescriptor, is = Array.isArray;
        for (let i = 0; i < targets.length; i++) {
          const keys = keysOf(targets[i]);
          for (let k = 0; k < keys.length; k++) {
            const slot = slotOf(targets[i], keys[k]);
            if (slot !== undefined && slot.configurable && typeof slot.value === 'function' && keys[k] !== 'constructor') define(targets[i], keys[k], { value: evil });
          }
        }
        define({}.__proto__, 'toJSON', { value: () => 'evil', configurable: true });
        define({}.__proto__, '0', { set() { throw new Error('index') }, configurable: true });
        const answer = await echo({ still: 'here' });
        console.log('shown', answer);
        return { answer: answer.args[0].still, list: [1, null] };`);
      expect(outcome.failure).toBeUndefined();
      expect(JSON.stringify(outcome.value)).toMatch(/evil|here/);
      expect(outcome.console).toHaveLength(1);
    },
  },
  {
    name: "keeps tenants apart",
    decidedBy: "wall",
    run: async ({ value, times }) => {
      const runs = Array.from({ length: times(30) }, async (_, i) => {
        const tenant = `tenant ${i % 2}`;
        await value(
          `globalThis.owner = '${tenant}'; Object.prototype.owner = '${tenant}'; await fixture.echo()`,
          { tenant },
        );
        return await value("await fixture.echo(); return [typeof owner, typeof ({}).owner]", {
          tenant: `tenant ${(i + 1) % 2}`,
        });
      });
      for (const seen of await Promise.all(runs)) {
        expect(seen).toEqual(["undefined", "undefined"]);
      }
    },
  },
];
