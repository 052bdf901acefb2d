import type { Attack, AttackEnd } from "../attack.ts";

const ENDS: readonly AttackEnd[] = ["cpu_limit", "timeout", "memory_limit", "program_failed"];
const LIMITED: readonly AttackEnd[] = ["cpu_limit", "timeout"];
const limits = { cpuMs: 150, wallMs: 3_000 };
const waiting = { wallMs: 500 };

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "breakout" | "limits" | "ends">,
): Attack => ({ id: `cpu-${id}`, group: "cpu", title, limits, ends: LIMITED, ...rest });

/** Programs that compute or wait for ever. */
export const CPU_ATTACKS: readonly Attack[] = [
  attack("loop", "An empty loop", { javascript: "for (;;) {}", python: "while True: pass" }),
  attack("native-loop", "A loop in native code that polls nothing", {
    javascript: "return new Array(2 ** 27).join('x').split('').sort().join().length",
    python: "return sum(range(10 ** 12))",
    ends: [...ENDS, "value"],
  }),
  attack("regex", "A regular expression that backtracks for ever", {
    javascript: "return /^(a+)+$/.test('a'.repeat(60) + 'b')",
    python: "import re\nreturn re.match('^(a+)+$', 'a' * 60 + 'b')",
  }),
  attack("microtasks", "A flood of microtasks that never lets a timer run", {
    javascript: "const next = () => Promise.resolve().then(next); next(); await new Promise(() => {})",
    python: "import asyncio\nasync def f():\n  while True: await asyncio.sleep(0)\nawait f()",
  }),
  attack("async-chain", "Async functions that await each other", {
    javascript: "const f = async () => { await 0; return f(); }; await f()",
    python:
      "import asyncio\ndef again(): asyncio.get_event_loop().call_soon(again)\nagain()\nawait asyncio.Future()",
    ends: ENDS,
  }),
  attack("timers-left", "Timers that go on after the value is given", {
    javascript: "setInterval(() => { for (let i = 0; i < 1e6; i++); }, 0); return 'left'",
    python:
      "import asyncio, threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()\nreturn 'left'",
    ends: ["value"],
  }),
  attack("never", "A promise that nothing settles", {
    javascript: "await new Promise(() => {})",
    python: "import asyncio\nawait asyncio.Future()",
    limits: waiting,
    ends: ["program_failed", "timeout"],
  }),
  attack("tool-waits", "A call that is never answered", {
    javascript: "await fixture.hang()",
    python: "await fixture.hang()",
    limits: waiting,
    ends: ["timeout"],
  }),
  attack("bigint", "A number that doubles its length", {
    javascript: "let x = 3n; for (;;) x *= x",
    python: "x = 3\nwhile True: x *= x",
    ends: ENDS,
  }),
  attack("sort", "A comparison that never returns, inside a sort", {
    javascript: "[3, 1, 2].sort(() => { for (;;) {} })",
    python: "def never(_):\n  while True: pass\n[3, 1].sort(key=never)",
  }),
  attack("to-json", "A value that never ends while it is encoded", {
    javascript: "return { toJSON() { for (;;) {} } }",
    python:
      "class Endless(dict):\n  def items(self):\n    while True: pass\n  __iter__ = keys = __len__ = items\nreturn Endless(a=1)",
    ends: [...LIMITED, "value", "program_failed"],
  }),
  attack("getter-argument", "An argument whose getter never returns", {
    javascript: "await fixture.echo({ get a() { for (;;) {} } })",
    python:
      "class Endless(list):\n  def __iter__(self):\n    while True: yield 1\nawait fixture.echo(Endless([1]))\nwhile True: pass",
  }),
  attack("threads", "Many threads that compute", {
    breakout: true,
    javascript: `const { Worker } = sys.load("node:worker_threads");
      for (let i = 0; i < 4; i++) attempt(() => new Worker("for (;;) {}", { eval: true }).on("error", () => 0));
      for (;;) {}`,
    python:
      "import ctypes\nfor _ in range(4): threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()\nwhile True: pass",
    ends: [...ENDS, "value", "sandbox_violation"],
  }),
  attack("children", "Child processes that compute while their parent sleeps", {
    breakout: true,
    javascript: `for (let i = 0; i < 2; i++) attempt(() => sys.cp.spawn(sys.process.execPath, ["-e", "for (;;) {}", T.nonce], { stdio: "ignore" }).on("error", () => 0));
      await new Promise((resolve) => setTimeout(resolve, 60_000))`,
    python: "for _ in range(2):\n  if os.fork() == 0:\n    while True: pass\ntime.sleep(60)",
  }),
  attack("generator", "An endless generator, spread", {
    javascript: "return [...(function* () { for (;;) yield 0; })()].length",
    python: "import itertools\nreturn list(itertools.repeat(0))",
    limits: { ...limits, cpuMs: 1_000 },
    ends: ENDS,
  }),
  attack("proxy-keys", "A value whose keys are never told", {
    javascript: "return new Proxy({}, { ownKeys() { for (;;) {} } })",
    ends: [...LIMITED, "value", "program_failed"],
  }),
  attack("catch-all", "A loop that catches whatever would end it", {
    javascript: "for (;;) { try { for (;;) {} } catch {} finally { continue } }",
    python: "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
  }),
  attack("atomics-wait", "A thread that is blocked for good", {
    javascript: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    python: "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    limits: waiting,
    ends: ["timeout", "program_failed", "value", "cpu_limit"],
  }),
  attack("json-text", "JSON text that costs far more than it is long", {
    javascript: "let text = '1'; for (;;) text = JSON.stringify([text, text])",
    python: "import json\ntext = '1'\nwhile True: text = json.dumps([text, text])",
    ends: ENDS,
  }),
  attack("hash-collisions", "A deep rope that is flattened again and again", {
    javascript:
      "let s = 'a'; for (let i = 0; i < 1e9; i++) { s += i; if (s.length > 1e6) s = s.slice(1); s.charCodeAt(7); }",
    python:
      "d = {}\nm = sys.hash_info.modulus if False else (2 ** 61 - 1)\ni = 0\nwhile True:\n  d[i * m] = 1\n  i += 1",
    ends: ENDS,
  }),
];
