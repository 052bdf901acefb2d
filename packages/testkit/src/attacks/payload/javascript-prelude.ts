/**
 * Looks for a way out of the program's realm to the `process` object of whatever runs it. Finding one is no escape of a sandbox that is
 * a process, container or machine: it is where an attack on that begins.
 */
export const BREAKOUT: string = String.raw`
const sys = await (async () => {
  const thrown = async (f) => { try { await f(); } catch (error) { return error; } };
  const deep = (f) => { const go = () => { try { return go(); } catch (error) { return f(error); } }; return go(); };
  const ways = {
    "the error of import()": () => thrown(() => import("node:fs")),
    "the global object": () => globalThis,
    "console": () => console.log,
    "a tool": () => fixture.echo,
    "the promise of a call": () => fixture.echo("way out"),
    "the error of a call": () => thrown(() => fixture.refused()),
    "a timer": () => setTimeout(() => 0, 0),
    "a call site": () => {
      let sites; const before = Error.prepareStackTrace;
      Error.prepareStackTrace = (_, all) => { sites = all; return ""; };
      new Error().stack; Error.prepareStackTrace = before;
      return sites;
    },
    "this of a call site": () => {
      let found; const before = Error.prepareStackTrace;
      Error.prepareStackTrace = (_, all) => { found = all.map((site) => site.getThis()).find((it) => it && it !== globalThis); return ""; };
      new Error().stack; Error.prepareStackTrace = before;
      return found;
    },
    "a stack overflow in a builtin": () => deep((error) => error),
    "the caller": () => (function () { return arguments.callee.caller; })(),
  };
  for (const [how, way] of Object.entries(ways)) {
    try {
      const it = await way();
      for (const make of [it?.constructor?.constructor, it?.constructor, it?.__proto__?.constructor?.constructor]) {
        try {
          const global = make("return globalThis")();
          const process = global.process;
          if (typeof process?.getBuiltinModule !== "function") continue;
          const load = (name) => process.getBuiltinModule(name);
          return { how, global, process, load, fs: load("node:fs"), cp: load("node:child_process"), net: load("node:net"),
            dgram: load("node:dgram"), os: load("node:os"), Buffer: load("node:buffer").Buffer };
        } catch {}
      }
    } catch {}
  }
})();
const onHost = (found) => (sys.os.release() === T.kernel ? { reached: found } : { itsOwnKernel: found });
const attempt = (f) => { try { return f(); } catch (error) { return "refused: " + (error?.code ?? String(error)); } };
const settled = async (begin, ms = 800) => {
  let out;
  try { begin((value) => { out ??= { value }; }); } catch (error) { return "refused: " + (error?.code ?? String(error)); }
  for (; out === undefined && ms > 0; ms -= 10) await new Promise((resolve) => setTimeout(resolve, 10));
  return out?.value;
};
const read = (path) => attempt(() => sys.fs.readFileSync(path, "latin1").slice(0, 20000));
const write = (path, text) => attempt(() => { sys.fs.writeFileSync(path, text); return "written"; });
const spawn = (command, ...args) => attempt(() => {
  const { stdout, stderr, status, error } = sys.cp.spawnSync(command, args, { timeout: 1500, encoding: "latin1", env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", NONCE: T.nonce } });
  return error ? "refused: " + error.code : { status, stdout: stdout.slice(0, 20000), stderr: stderr.slice(0, 500) };
});
const node = (code, ...args) => spawn(sys.process.execPath, "-e", code, T.nonce, ...args);
`;

/** Ends a program that found no way out. */
export const STAY_IN: string = 'if (sys === undefined) return { realm: "closed" };\n';
