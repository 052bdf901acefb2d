import type { Attack, AttackEnd } from "../attack.ts";

/** The kernel may end a guest that is out of memory before anybody can tell why. */
const FULL: readonly AttackEnd[] = [
  "memory_limit",
  "program_failed",
  "cpu_limit",
  "timeout",
  "sandbox_violation",
];
const ANY: readonly AttackEnd[] = [...FULL, "value", "output_limit", "program_invalid"];

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "breakout" | "ends" | "limits" | "wholeSource">,
): Attack => ({ id: `memory-${id}`, group: "memory", title, ends: FULL, ...rest });

/** Programs that take memory until none is left. */
export const MEMORY_ATTACKS: readonly Attack[] = [
  attack("arrays", "An array that grows for ever", {
    javascript: "const a = []; for (;;) a.push(new Array(1000).fill(a.length))",
    python: "a = []\nwhile True: a.append([len(a)] * 1000)",
  }),
  attack("strings", "A string that doubles", {
    javascript:
      "let s = 'x'.repeat(1000); const all = []; for (;;) { s += s; all.push(s.replace('x', 'y')); }",
    python: "s = 'x' * 1000\nwhile True: s += s",
  }),
  attack("typed-arrays", "Memory outside of the heap", {
    javascript: "const a = []; for (;;) a.push(new Uint8Array(1 << 20).fill(1))",
    python: "a = []\nwhile True: a.append(bytearray(1 << 20))",
  }),
  attack("maps", "A map that grows for ever", {
    javascript: "const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })",
    python: "m = {}\ni = 0\nwhile True:\n  m[i] = {i: i}\n  i += 1",
  }),
  attack("wasm-grow", "The memory of a WebAssembly instance", {
    javascript: `const W = globalThis.WebAssembly; const all = [];
      for (;;) { const m = new W.Memory({ initial: 1 }); all.push(m); for (;;) { try { m.grow(512); new Uint8Array(m.buffer).fill(1); } catch (e) { if (all.length > 4) throw e; break; } } }`,
    ends: FULL,
  }),
  attack("wasm-grow-outside", "The memory of a WebAssembly instance, outside of the realm", {
    breakout: true,
    javascript: `const W = sys.global.WebAssembly; const all = [];
      for (;;) { const m = new W.Memory({ initial: 1 }); all.push(m); for (;;) { try { m.grow(512); new Uint8Array(m.buffer).fill(1); } catch (e) { if (all.length > 4) throw e; break; } } }`,
    ends: ANY,
  }),
  attack("recursion", "Recursion without an end", {
    javascript: "const f = (n) => f(n + 1) + 1; return f(0)",
    python: "import sys\nsys.setrecursionlimit(10 ** 8)\ndef f(n): return f(n + 1) + 1\nf(0)",
    ends: FULL,
  }),
  attack("deep-json-parse", "JSON text that is nested a million times", {
    javascript: "return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))",
    python: "import json\nreturn json.loads('[' * 10 ** 6 + ']' * 10 ** 6)",
    ends: ANY,
  }),
  attack("deep-value", "A value that is nested two hundred thousand times", {
    javascript: "let v = 0; for (let i = 0; i < 2e5; i++) v = i % 2 ? [v] : { v }; return v",
    python: "v = 0\nfor i in range(200000): v = [v] if i % 2 else {'v': v}\nreturn v",
    ends: ANY,
  }),
  attack("deep-argument", "An argument that is nested two hundred thousand times", {
    javascript: "let v = 0; for (let i = 0; i < 2e5; i++) v = [v]; return fixture.echo(v)",
    python: "v = 0\nfor i in range(200000): v = [v]\nreturn await fixture.echo(v)",
    ends: [...ANY, "invalid_params"],
  }),
  attack("sparse-array", "An array with one element at its far end, as a value", {
    javascript: "const a = []; a[4294967294] = 1; return a",
    ends: ANY,
    limits: { cpuMs: 500 },
  }),
  attack("holes", "An array of a thousand million holes, as a value", {
    javascript: "return new Array(1e9)",
    python: "return range(10 ** 12)",
    ends: ANY,
    limits: { cpuMs: 500 },
  }),
  attack("shared-value", "A small graph that is a huge tree", {
    javascript: "let v = 'x'.repeat(100); for (let i = 0; i < 40; i++) v = [v, v]; return v",
    python: "v = 'x' * 100\nfor i in range(40): v = [v, v]\nreturn v",
    ends: ANY,
    limits: { cpuMs: 1_000 },
  }),
  attack("stack-traces", "Stack traces without a limit", {
    javascript:
      "Error.stackTraceLimit = Infinity; const all = []; const f = () => { all.push(new Error('x'.repeat(1e4)).stack); f(); }; for (;;) try { f() } catch {}",
    python:
      "all = []\ndef f():\n  try: f()\n  finally: all.append(bytearray(100000))\nwhile True:\n  try: f()\n  except RecursionError as e: all.append(e)",
  }),
  attack("regex-compile", "A regular expression that is huge once compiled", {
    javascript: "return new RegExp('(?:(?:(?:(?:a{1000}){1000}){1000}){1000}){1000}').test('a')",
    python: "import re\nreturn re.compile('(?:(?:(?:a{1000}){1000}){1000}){1000}')",
    ends: ANY,
    limits: { cpuMs: 500 },
  }),
  attack("promises", "Promises that are kept", {
    javascript: "const all = []; for (;;) all.push(new Promise(() => {}).then(() => 'x'.repeat(100)))",
    python: "import asyncio\nall = []\nwhile True: all.append(asyncio.get_event_loop().create_future())",
  }),
  attack("timers", "Timers that never come due", {
    javascript: "for (;;) setTimeout(() => 0, 1e9, 'x'.repeat(100))",
    python:
      "import asyncio\nwhile True: asyncio.get_event_loop().call_later(10 ** 6, print, bytearray(1000))",
  }),
  attack("console", "A console line of a huge object", {
    javascript:
      "const o = {}; for (let i = 0; i < 3e5; i++) o['key' + i] = { i, text: 'x'.repeat(50) }; for (let i = 0; i < 4; i++) console.log(o, [o, o], JSON.stringify(o)); return 1",
    python:
      "o = {'key%d' % i: 'x' * 50 for i in range(200000)}\nfor i in range(4): print(o, [o, o])\nreturn 1",
    ends: ANY,
  }),
  attack("outside-heap", "Buffers and mappings of the process", {
    breakout: true,
    javascript: "const all = []; for (;;) all.push(sys.Buffer.alloc(1 << 20, 1))",
    python:
      "import mmap\nall = []\nwhile True:\n  m = mmap.mmap(-1, 1 << 20)\n  m.write(b'x' * (1 << 20))\n  all.append(m)",
    ends: FULL,
  }),
  attack("shared-buffers", "Growable shared buffers", {
    javascript:
      "const all = []; for (;;) { const b = new SharedArrayBuffer(1 << 20, { maxByteLength: 1 << 26 }); b.grow(1 << 22); new Uint8Array(b).fill(1); all.push(b); }",
    ends: FULL,
  }),
  attack("children", "Many children that take memory together", {
    breakout: true,
    javascript: `let full = 0;
      for (let i = 0; i < 6; i++) attempt(() => { const child = sys.cp.spawn(sys.process.execPath, ["-e", "const a = []; for (let i = 0; i < 60; i++) a.push(Buffer.alloc(1 << 20, 1)); console.log('full'); setInterval(() => a.length, 1000)", T.nonce], { stdio: ["ignore", "pipe", "ignore"] }); let own = 0; child.stdout.on("data", () => { own = 1; full++; }); child.on("exit", () => { full -= own; }).on("error", () => 0); });
      await new Promise((resolve) => setTimeout(resolve, 1200)); return full > 3 ? { reached: full * 60 + " MiB of 128" } : full`,
    python: `children = []
for i in range(6):
  ready, tell = os.pipe()
  child = os.fork()
  if child == 0:
    a = b'x' * (60 << 20)
    os.write(tell, b'full')
    time.sleep(60)
  children.append((child, ready))
time.sleep(1.2)
import select
full = 0
for child, ready in children:
  if select.select([ready], [], [], 0)[0] and os.waitpid(child, os.WNOHANG)[0] == 0: full += 1
return {'reached': '%d MiB of 128' % (full * 60)} if full > 3 else full`,
    ends: ANY,
  }),
  attack("source", "A source that is nested deeper than a parser's stack", {
    wholeSource: true,
    javascript: `async () => ${"(".repeat(20_000)}1${")".repeat(20_000)}`,
    python: `return ${"(".repeat(20_000)}1${")".repeat(20_000)}`,
    ends: ["program_invalid", "program_failed", "memory_limit", "sandbox_violation", "value"],
  }),
];
