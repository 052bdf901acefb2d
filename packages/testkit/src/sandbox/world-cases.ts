import { expect } from "vitest";
import type { SandboxCase } from "./sandbox-guest-run.ts";

/** What a program finds in its world. */
export const WORLD_CASES: readonly SandboxCase[] = [
  {
    name: "keeps console lines with their levels",
    decidedBy: "agent",
    sampled: true,
    run: async ({ run }) => {
      const outcome = await run(`console.log('a', 1, { b: [true, null] }); console.warn('%s is %d', 'x', 2);
        console.error(new TypeError('bad')); console.info(); console.debug(new Map([['k', new Set([1])]]));
        console.table([{ a: 1, b: 'x' }]); return 0`);
      expect(outcome.console.slice(0, 5)).toEqual([
        { level: "log", text: "a 1 { b: [ true, null ] }" },
        { level: "warn", text: "x is 2" },
        { level: "error", text: "TypeError: bad" },
        { level: "info", text: "" },
        { level: "debug", text: "Map(1) { 'k' => Set(1) { 1 } }" },
      ]);
      expect(outcome.console[5]!.text).toContain("| (index) | a | b   |");
      expect(outcome.consoleOmittedBytes).toBe(0);
    },
  },
  {
    name: "keeps the console of a program that fails",
    decidedBy: "agent",
    run: async ({ run }) => {
      const outcome = await run("console.log('before'); throw new Error('x')");
      expect(outcome.console).toEqual([{ level: "log", text: "before" }]);
    },
  },
  {
    name: "has timers",
    decidedBy: "agent",
    sampled: true,
    run: async ({ value }) => {
      expect(
        await value(`const seen = []; const stop = setTimeout(() => seen.push('never'), 1); clearTimeout(stop);
          setTimeout((x) => seen.push(x), 5, 'second'); setImmediate(() => seen.push('first'));
          const every = setInterval(() => { seen.push('tick'); clearInterval(every) }, 20);
          queueMicrotask(() => seen.push('micro')); await new Promise((r) => setTimeout(r, 60)); return seen`),
      ).toEqual(["micro", "first", "second", "tick"]);
    },
  },
  {
    name: "has URL, text and base64 codecs, and structuredClone",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(
        await value(`const url = new URL('../x?q=ä&q=2#h', 'https://user@BÜCHER.example:443/a/b');
          return [url.href, url.searchParams.getAll('q'), String(new URLSearchParams({ a: '1 2' })), URL.canParse('nope')]`),
      ).toEqual(["https://user@xn--bcher-kva.example/x?q=%C3%A4&q=2#h", ["ä", "2"], "a=1+2", false]);
      expect(
        await value(`const bytes = new TextEncoder().encode('aé€😀\\ud800');
          return [[...bytes], new TextDecoder().decode(bytes), atob(btoa('hi')), new TextDecoder('latin1').decode(new Uint8Array([0xe9]))]`),
      ).toEqual([[97, 195, 169, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189], "aé€😀\ufffd", "hi", "é"]);
      expect(
        await value(`const a = { d: new Date(1), m: new Map([[{ k: 1 }, new Set([2])]]), b: new Uint8Array([3]) }; a.self = a;
          const c = structuredClone(a); let refused; try { structuredClone(() => 0) } catch (e) { refused = e.name }
          return [c !== a, c.self === c, c.d.getTime(), [...c.m][0][0].k, c.b[0], refused]`),
      ).toEqual([true, true, 1, 1, 3, "DataCloneError"]);
    },
  },
  {
    name: "outlines an unknown value",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(
        await value(`return [
          outline({ files: Array.from({ length: 43 }, (_, i) => ({ name: 'f' + i, size: i })), total: 43 }),
          outline('x'.repeat(1234)), outline([{ a: 1 }, { a: null, b: 'x' }])]`),
      ).toEqual([
        "{ files: { name: string; size: number }[43]; total: number }",
        expect.stringMatching(/^string\(1234\) "x+"…$/),
        "{ a: number | null; b?: string }[2]",
      ]);
    },
  },
  {
    name: "repeats random numbers for a seed, and only then",
    decidedBy: "agent",
    run: async ({ value }) => {
      const body =
        "return [Math.random(), Math.random(), [...crypto.getRandomValues(new Uint8Array(9))], crypto.randomUUID()]";
      const seeded = await value(body, { seed: 42 });
      expect(await value(body, { seed: 42 })).toEqual(seeded);
      expect(await value(body, { seed: 43 })).not.toEqual(seeded);
      const drawn = await value(body);
      expect(await value(body)).not.toEqual(drawn);
      expect((drawn as unknown[])[3]).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    },
  },
  {
    name: "has no network, files, process or modules",
    decidedBy: "agent",
    sampled: true,
    run: async ({ value }) => {
      expect(
        await value(`return ['fetch', 'XMLHttpRequest', 'WebSocket', 'process', 'require', 'module', 'Deno', 'Bun', 'WebAssembly',
          'SharedArrayBuffer', 'Atomics', 'Worker', 'gc', 'std', 'os'].filter((name) => name in globalThis)`),
      ).toEqual([]);
      const modules = ["node:fs", "fs", "./x.js", "data:text/javascript,1"];
      const loads = modules.map((module) => `import('${module}')`);
      expect(
        await value(`return (await Promise.allSettled([${loads.join()}])).map(({ status }) => status)`),
      ).toEqual(modules.map(() => "rejected"));
    },
  },
  {
    name: "gives nothing of the host to a program that looks for it",
    decidedBy: "agent",
    run: async ({ value }) => {
      expect(
        await value(`const found = [];
          for (const f of [console.log, fixture.echo, setTimeout, URL, (async () => 0), tools.call, Error]) {
            const g = f.constructor('return typeof process + typeof require + typeof globalThis.process')();
            found.push(g instanceof Promise ? await g : g);
          }
          return [...new Set(found)]`),
      ).toEqual(["undefinedundefinedundefined"]);
    },
  },
];
