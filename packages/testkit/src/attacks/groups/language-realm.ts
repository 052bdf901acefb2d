import type { Attack, AttackEnd } from "../attack.ts";

const attack = (id: string, title: string, javascript: string, rest: Partial<Attack> = {}): Attack => ({
  id: `language-${id}`,
  group: "language",
  title,
  javascript,
  ...rest,
});
const PLAIN: readonly AttackEnd[] = [
  "value",
  "program_failed",
  "output_limit",
  "cpu_limit",
  "timeout",
  "memory_limit",
];

/** Programs that turn the language on what runs them: the harness in the realm, and the host that reads what comes out. */
export const LANGUAGE_REALM_ATTACKS: readonly Attack[] = [
  attack(
    "constructor",
    "The constructor of a constructor",
    `
    const found = [globalThis, console, fixture, fixture.echo, setTimeout, (async () => 0)(), Symbol(), /x/, new Error(), JSON, Math].map((it) => { try { return typeof it.constructor.constructor("return process")(); } catch (e) { return e.name; } });
    return found`,
  ),
  attack(
    "function-kinds",
    "Every constructor of functions",
    `
    const kinds = [function () {}, async function () {}, function* () {}, async function* () {}, class {}].map((it) => Object.getPrototypeOf(it).constructor);
    const out = []; for (const Kind of kinds) { try { const made = Kind("return typeof process + typeof require + typeof module")(); out.push(await (made?.next?.() ?? made)); } catch (e) { out.push(e.name); } } return out`,
  ),
  attack(
    "import",
    "Modules by import(), with attributes and odd names",
    `
    const out = []; for (const name of ["node:fs", "fs", "std", "os", "bjson", "qjs:os", "file:///etc/passwd", "data:text/javascript,export default 1", "/etc/passwd", "npm:left-pad", "https://example.test/x.js", "./agent.mjs", ""]) { try { const it = await import(name); out.push(name + ": " + Object.keys(it)); } catch (e) { out.push(e.name); } }
    try { out.push(await import("node:fs", { with: { type: "json" } })); } catch (e) { out.push(e.name); }
    return out.some((each) => String(each).includes(": ")) ? { reached: out } : out`,
  ),
  attack(
    "prepare-stack-trace",
    "Call sites of the frames below",
    `
    let sites; Error.prepareStackTrace = (_, all) => { sites = all; return all; };
    const error = new Error(); const stack = error.stack; Error.prepareStackTrace = undefined;
    const found = (Array.isArray(stack) ? stack : []).map((site) => { try { return [typeof site.getThis(), typeof site.getFunction(), site.getFileName()]; } catch (e) { return e.name; } });
    Object.defineProperty(Error, "prepareStackTrace", { get() { throw new TypeError("no trace"); } });
    throw new Error("traced " + found.length)`,
    { ends: ["program_failed"] },
  ),
  attack(
    "stack-getter",
    "An error whose properties bite",
    `
    const error = new Error("x"); for (const key of ["stack", "message", "name", "code", "cause", "data", "tool", "toString", "constructor"]) Object.defineProperty(error, key, { get() { throw error; }, enumerable: true });
    throw error`,
    { ends: PLAIN },
  ),
  attack(
    "thrown-things",
    "Throwing what is no error",
    `
    const things = [null, undefined, Symbol("s"), 10n, new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } }), Object.create(null), new Proxy(function () {}, {}), { get message() { return { get toString() { throw 3; } }; } }];
    for (const thing of things) Promise.reject(thing);
    throw things[4]`,
    { ends: PLAIN },
  ),
  attack(
    "species",
    "Species that give foreign promises and arrays",
    `
    class Foreign extends Promise { static get [Symbol.species]() { return function (run) { run((x) => x, (x) => x); return { then: (f) => f(globalThis) }; }; } }
    Array.prototype.constructor = { [Symbol.species]: function () { return new Proxy([], { set() { return true; }, defineProperty() { return true; } }); } };
    Promise.prototype.constructor = Foreign;
    await fixture.echo([1, 2]); return [1, 2].map((x) => x).concat([3])`,
  ),
  attack(
    "thenable-result",
    "A value with a then",
    `
    let calls = 0; return { then(resolve) { calls++; resolve(calls < 5 ? this : { then: 1, polluted: true }); } }`,
    { ends: PLAIN },
  ),
  attack(
    "thenable-argument",
    "Arguments with a then, and names that JSON gives a meaning",
    `
    return fixture.echo({ then: "x", toJSON: "y", constructor: { prototype: { polluted: 1 } }, hasOwnProperty: 1, valueOf: null })`,
  ),
  attack(
    "own-prototype-key",
    "An own __proto__ in arguments and values",
    `
    const evil = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
    const back = await fixture.echo(evil); return [evil, back, [evil]]`,
    {
      reached: ({ calls, outcome }) =>
        JSON.stringify([calls, outcome.value]).includes('"__proto__"')
          ? "an own __proto__ on the host"
          : undefined,
    },
  ),
  attack(
    "proxy-result",
    "A proxy as the value",
    `
    const log = []; return new Proxy({ a: 1 }, { get(target, key) { log.push(String(key)); return key === "toJSON" ? undefined : globalThis; }, ownKeys() { return ["a", "b", "__proto__"]; }, getOwnPropertyDescriptor() { return { value: Function, enumerable: true, configurable: true }; }, getPrototypeOf() { return Array.prototype; } })`,
    { ends: PLAIN },
  ),
  attack(
    "proxy-argument",
    "A proxy as an argument, and as the list of arguments",
    `
    const proxy = new Proxy([], { get(target, key) { return key === "length" ? 1e9 : proxy; } });
    try { await fixture.echo(proxy); } catch (e) {} return fixture.echo.apply(null, { length: 3, 0: 1, get 1() { throw new Error("late"); } })`,
    { ends: PLAIN, limits: { cpuMs: 500 } },
  ),
  attack(
    "changing-getter",
    "A getter that gives another value each time",
    `
    let n = 0; const shifty = { get a() { return n++ === 0 ? "short" : "x".repeat(1e7); } };
    const back = await fixture.echo(shifty); return [back, shifty]`,
    { ends: [...PLAIN, "invalid_params"] },
  ),
  attack(
    "to-json",
    "toJSON on every object",
    `
    Object.prototype.toJSON = function () { return { forged: true }; }; Array.prototype.toJSON = () => "forged"; String.prototype.toJSON = () => ({ polluted: 1 });
    return [await fixture.echo({ a: 1 }), "value"]`,
    {
      reached: ({ calls }) =>
        calls.some(({ args }) => !Array.isArray(args)) ? "a list of arguments that is none" : undefined,
    },
  ),
  attack(
    "patched-json",
    "JSON replaced before a call",
    `
    JSON.stringify = () => '[1],"forged":[{"id":99}]'; JSON.parse = () => ({ names: ["admin"], calls: 1e9 }); return fixture.echo("honest")`,
    {
      reached: ({ calls }) => (calls.some(({ args }) => args[0] !== "honest") ? "a forged call" : undefined),
    },
  ),
  attack(
    "patched-promise",
    "Promises replaced before a call",
    `
    const seen = []; const then = Promise.prototype.then; Promise.prototype.then = function (...rest) { seen.push(this); return then.apply(this, rest); };
    Promise.prototype.catch = Promise.prototype.finally = undefined; globalThis.Promise = class { constructor(run) { run(() => 0, () => 0); } }; Promise.resolve = Promise.all = () => seen;
    const value = await fixture.echo(1); return [value, seen.length]`,
    { ends: PLAIN },
  ),
  attack(
    "patched-arrays",
    "Array methods that keep what the harness gives them",
    `
    const caught = []; for (const name of ["push", "pop", "shift", "slice", "join", "map", "forEach", "indexOf", "splice"]) { const old = Array.prototype[name]; Array.prototype[name] = function (...rest) { caught.push(this); return old.apply(this, rest); }; }
    Object.defineProperty(Array.prototype, Symbol.iterator, { value() { throw new Error("no iteration"); } });
    let it; try { it = await fixture.echo("x"); } catch (e) { it = e.name; } return it`,
    { ends: PLAIN },
  ),
  attack(
    "prototype-setters",
    "Setters on Object.prototype that catch internal objects",
    `
    const caught = []; for (const key of ["0", "1", "then", "value", "get", "set", "id", "name", "args", "next", "resolve", "reject", "writable", "enumerable", "configurable", "code", "due", "stack"]) Object.defineProperty(Object.prototype, key, { set(v) { caught.push([key, v]); }, get() { return undefined; }, configurable: true });
    const value = await fixture.echo({ a: 1 }); try { await fixture.refused(); } catch (e) {}
    setTimeout(() => 0, 1); const names = caught.map(([key]) => key); for (const [key] of caught) delete Object.prototype[key];
    return names.filter((name) => name === "resolve" || name === "reject").length > 0 ? { reached: "objects of the harness" } : "clean"`,
    { ends: PLAIN },
  ),
  attack(
    "prototype-then",
    "A then on Object.prototype",
    `
    let n = 0; Object.prototype.then = function (resolve) { if (n++ < 3) resolve("hijacked"); }; return fixture.echo({ a: 1 })`,
    { ends: PLAIN },
  ),
  attack(
    "patched-functions",
    "Function.prototype and Reflect replaced",
    `
    for (const name of ["call", "apply", "bind", "toString"]) Function.prototype[name] = () => "forged"; for (const name of Object.getOwnPropertyNames(Reflect)) Reflect[name] = () => globalThis;
    String.prototype.split = String.prototype.indexOf = String.prototype.charCodeAt = () => []; RegExp.prototype.exec = RegExp.prototype.test = () => true; Symbol.iterator; Object.keys = Object.defineProperty = () => { throw 1; };
    return fixture.echo("after")`,
    { ends: PLAIN },
  ),
  attack(
    "caller",
    "The functions that called it",
    `
    const out = []; (function () { try { let f = arguments.callee.caller; for (let i = 0; f && i < 20; i++) { out.push(String(f).slice(0, 60)); f = f.caller; } } catch (e) { out.push(e.name); } })();
    try { null.x; } catch (e) { out.push(typeof e.constructor.constructor("return this")().process); } return out`,
  ),
  attack(
    "stack-overflow",
    "A stack that overflows inside the harness",
    `
    const deep = (f) => { const go = () => { try { go(); } catch { f(); } }; try { go(); } catch (e) { return e; } };
    const out = [() => fixture.echo({ a: [1] }), () => console.log({ a: 1 }), () => setTimeout(() => 0, 1), () => structuredClone({ a: 1 }), () => new URL("http://a"), () => outline([1])].map((f) => { try { const e = deep(f); return typeof e?.constructor?.constructor("return typeof process")?.(); } catch (e) { return e.name; } });
    return out.includes("object") ? { reached: out } : out`,
    { ends: PLAIN, limits: { cpuMs: 1_500 } },
  ),
  attack(
    "web-assembly",
    "WebAssembly as a second stage",
    `
    if (typeof WebAssembly === "undefined") return "none here";
    const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 1, 101, 1, 102, 0, 0, 8, 1, 0]);
    try { const { instance } = await WebAssembly.instantiate(bytes, { e: { f: () => { throw new Error(); } } }); return Object.keys(instance); } catch (e) { return typeof e.constructor.constructor("return process")(); }`,
    { ends: PLAIN },
  ),
  attack(
    "shadow-realm",
    "Realms and contexts of its own",
    `
    return [typeof ShadowRealm, typeof Realm, typeof Worker, typeof SharedWorker, typeof $262, typeof gc, typeof print, typeof load, typeof d8, typeof Java, typeof ActiveXObject]`,
  ),
  attack(
    "generators",
    "Async generators whose return is a thenable",
    `
    async function* leak() { try { yield 1; } finally { yield globalThis; } } const it = leak(); await it.next();
    const value = await it.return({ get then() { return (resolve) => resolve(Function); } }); return typeof value.value`,
    { ends: PLAIN },
  ),
  attack(
    "finalizers",
    "Callbacks that run after the program has ended",
    `
    const registry = new FinalizationRegistry(() => fixture.echo("after the end")); for (let i = 0; i < 1000; i++) registry.register({ big: new Array(1000) }, i);
    setTimeout(() => fixture.echo("after the end"), 0); queueMicrotask(() => fixture.echo("in time")); return "ended"`,
  ),
  attack(
    "source-breakout",
    "A source that closes the expression it is put into",
    `
    async () => 1); globalThis.escaped = 1; (async () => globalThis.escaped`,
    { wholeSource: true, ends: ["program_invalid", "program_failed", "value"] },
  ),
  attack(
    "source-odd",
    "A source with line separators, comments without an end and a NUL",
    `async () => { /* \u2028 \u2029 \u0000 */ return "\u2028 <!-- --> ]]> </script>" } // \u2028 + 1 /*`,
    { wholeSource: true, ends: ["program_invalid", "program_failed", "value"] },
  ),
  attack(
    "source-no-function",
    "A source whose value is a trap instead of a function",
    `new Proxy(function () {}, { apply() { return Function; }, get() { throw new Error("x"); } })`,
    { wholeSource: true, ends: PLAIN },
  ),
  attack(
    "console-objects",
    "Objects that bite when they are printed",
    `
    const bites = { [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) { throw { stylize: options?.stylize?.constructor?.("return process")() }; }, get [Symbol.toStringTag]() { throw 1; }, toString() { throw 2; } };
    for (const it of [bites, new Proxy(bites, { ownKeys() { throw 3; } }), Object.create(bites), [bites], new Map([[bites, bites]]), class { static [Symbol.hasInstance]() { throw 4; } }]) { try { console.log(it, "%s %o %d", it, it); console.table([it]); } catch {} } return "printed"`,
  ),
  attack(
    "replaced-globals",
    "Names of the host's own: console, tools, namespaces",
    `
    for (const name of ["fixture", "tools", "vault", "session", "console", "outline", "ToolError"]) { try { globalThis[name] = new Proxy({}, { get: () => () => ({ forged: true }) }); } catch {} try { Object.defineProperty(globalThis, name, { value: { echo: () => "forged" } }); } catch {} try { delete globalThis[name]; } catch {} }
    try { fixture.echo = () => "forged"; } catch {} return typeof fixture.echo === "function" ? fixture.echo("x") : "gone"`,
    { ends: PLAIN },
  ),
  attack(
    "typed-array-lengths",
    "Buffers that shrink while they are read",
    `
    const out = []; for (let round = 0; round < 200; round++) { const buffer = new ArrayBuffer(1024, { maxByteLength: 4096 }); const view = new Uint8Array(buffer); const evil = { valueOf() { try { buffer.resize(0); } catch {} return 1; } };
      for (const f of [() => view.fill(evil, 0, 1024), () => view.copyWithin(evil, 0), () => view.subarray(evil), () => new Uint8Array(buffer, 0, evil), () => view.at(evil), () => Array.prototype.slice.call(view, evil), () => structuredClone(view), () => view.sort(() => { try { buffer.resize(0); } catch {} return 0; }), () => new Uint32Array(buffer, 0, 2 ** 31 - 1)]) { try { f(); } catch (e) { if (round === 0) out.push(e.name); } } } return out`,
  ),
];
