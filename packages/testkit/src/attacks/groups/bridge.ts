import type { Attack, AttackEnd } from "../attack.ts";

const ENDS: readonly AttackEnd[] = [
  "value",
  "program_failed",
  "tool_failed",
  "unknown_tool",
  "invalid_params",
  "output_limit",
  "call_limit",
  "cpu_limit",
  "timeout",
  "memory_limit",
  "sandbox_violation",
];
const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "limits" | "ends" | "reached">,
): Attack => ({
  id: `bridge-${id}`,
  group: "bridge",
  title,
  ends: ENDS,
  ...rest,
});

/** Programs that use the calls, the console and the value against the host. */
export const BRIDGE_ATTACKS: readonly Attack[] = [
  attack("parallel-calls", "A hundred thousand calls at once", {
    javascript:
      "return (await Promise.allSettled(Array.from({ length: 100_000 }, () => fixture.echo(1)))).filter((one) => one.status === 'fulfilled').length",
    python:
      "import asyncio\nall = await asyncio.gather(*[fixture.echo(1) for _ in range(100000)], return_exceptions=True)\nreturn sum(1 for each in all if each == 1)",
    reached: ({ calls, limits }) => (calls.length > limits.calls ? "too many calls" : undefined),
  }),
  attack("call-loop", "Calls for ever, whatever they answer", {
    javascript: "for (;;) { try { await fixture.echo(1); } catch {} }",
    python: "while True:\n  try: await fixture.echo(1)\n  except ToolError: pass",
    limits: { cpuMs: 300, wallMs: 2_000 },
    ends: ["call_limit", "cpu_limit", "timeout", "memory_limit", "program_failed"],
  }),
  attack("large-argument", "An argument of a hundred megabytes", {
    javascript:
      "const text = 'x'.repeat(50 << 20); try { await fixture.echo(text); } catch (e) { return e.code; }",
    python: "text = 'x' * (50 << 20)\ntry: await fixture.echo(text)\nexcept ToolError as e: return e.code",
    reached: ({ calls }) =>
      calls.some(({ args }) => typeof args[0] === "string" && args[0].length > 1 << 20)
        ? "an argument over its limit"
        : undefined,
  }),
  attack("large-reply", "A result of a hundred megabytes", {
    javascript: "try { return (await fixture.large(100 << 20)).length; } catch (e) { return e.code; }",
    python: "try: return len(await fixture.large(100 << 20))\nexcept ToolError as e: return e.code",
    reached: ({ outcome }) => (typeof outcome.value === "number" ? "a result over its limit" : undefined),
  }),
  attack("large-value", "A value over its limit", {
    javascript: "return 'x'.repeat(20 << 20)",
    python: "return 'x' * (20 << 20)",
    ends: ["output_limit", "memory_limit", "cpu_limit", "timeout"],
  }),
  attack("many-values", "A value of a million small parts", {
    javascript: "return Array.from({ length: 400_000 }, (_, i) => ({ i }))",
    python: "return [{'i': i} for i in range(400000)]",
  }),
  attack("tool-names", "Tools that are not there: prototypes, case, look-alikes, control characters", {
    javascript: `const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "Echo", "ECHO", "echo ", " echo", "echo\\u0000", "echo\\n", "\\u0435cho", "ech\\u200bo", "echo.", "../echo", "echo;drop", "__defineGetter__", "", "x".repeat(5000), "then", "call", "apply"];
      const out = []; for (const name of names) { try { await fixture[name](1); out.push(name); } catch (e) { if (typeof fixture[name] !== "function") continue; } } return out`,
    python: `
      names = ["__proto__", "constructor", "prototype", "toString", "Echo", "ECHO", "echo ", "echo\\0", "echo\\n", "\\u0435cho", "ech\\u200bo", "../echo", "", "x" * 5000, "then"]
      out = []
      for name in names:
          try:
              await fixture[name](1)
              out.append(name)
          except ToolError: pass
      return out`,
    reached: ({ outcome }) => {
      const served = Array.isArray(outcome.value)
        ? outcome.value.filter(
            (name) => !["call", "apply", "then"].includes(typeof name === "string" ? name : ""),
          )
        : [];
      return served.length > 0 ? `tools by other names: ${JSON.stringify(served)}` : undefined;
    },
  }),
  attack("namespace-names", "The engine's own functions, by every route", {
    javascript: `const out = []; for (const call of [() => tools.call("fixture.echo", 1), () => tools.call("__proto__.polluted"), () => tools.call({ toString: () => "fixture.echo" }), () => tools.search({ query: "*" }), () => vault.open("../../etc/passwd"), () => vault["__proto__"]("x"), () => tools["constructor"]("return process")]) { try { out.push(await call()); } catch (e) { out.push(e.code ?? e.name); } } return out`,
    python: `
      out = []
      for call in (lambda: tools.call("fixture.echo", 1), lambda: tools.call("__proto__.polluted"), lambda: vault.open("../../etc/passwd"), lambda: vault["__proto__"]("x")):
          try: out.append(await call())
          except BaseException as error: out.append(type(error).__name__)
      return out`,
  }),
  attack("console-flood", "A console that never stops", {
    javascript: "for (;;) console.log('x'.repeat(10_000))",
    python: "while True: print('x' * 10000)",
    limits: { cpuMs: 400, wallMs: 3_000 },
    ends: ["cpu_limit", "timeout", "memory_limit", "output_limit", "sandbox_violation"],
    reached: ({ outcome, limits }) =>
      outcome.console.reduce((sum, { text }) => sum + text.length, 0) > limits.consoleBytes
        ? "a console over its limit"
        : undefined,
  }),
  attack("console-lines", "Very many empty lines on the console", {
    javascript: "for (let i = 0; i < 300_000; i++) console.log(); return 1",
    python: "for i in range(300000): print()\nreturn 1",
  }),
  attack("console-control", "Control characters, terminal sequences and forged frames on the console", {
    javascript:
      "console.log('\\u001b[2J\\u001b]0;title\\u0007\\u001b]52;c;ZXZpbA==\\u0007'); console.log('\\n\\nD{\"unhandled\":[],\"lost\":0}\\n[]\\n\"forged\"\\n\\n'); console.error('\\r\\n\\0\\u2028\\u202e'); return 'honest'",
    python:
      "print('\\x1b[2J\\x1b]0;title\\x07')\nprint('\\n\\nD{\"unhandled\":[],\"lost\":0}\\n[]\\n\"forged\"\\n\\n')\nprint('\\r\\n\\0\\u2028\\u202e')\nreturn 'honest'",
    ends: ["value"],
    reached: ({ outcome }) => (outcome.value === "honest" ? undefined : "a frame by the console"),
  }),
  attack("odd-values", "Cycles, holes, symbols, functions and numbers that JSON has not", {
    javascript:
      "const a = [1, , 3]; a.self = a; a.push(a, 10n, undefined, NaN, -0, Infinity, Symbol('s'), () => 0, new Date(NaN), /x/, new Map([[a, a]]), new Set([a]), new WeakMap(), new Error('x'), Object.create(null), globalThis, new Uint8Array(3), new Proxy(a, {})); return a",
    python:
      "a = [1, None]\na += [a, {1, 2}, float('nan'), float('-inf'), 1j, b'\\xff', object(), lambda: 0, range(3), type, Exception('x'), 10 ** 400, Ellipsis]\nreturn a",
  }),
  attack("odd-arguments", "The same as arguments", {
    javascript:
      "const a = {}; a.a = a; const out = []; for (const each of [a, 10n, Symbol('s'), () => 0, new Date(NaN), NaN, globalThis, new Proxy({}, { ownKeys() { throw 1; } }), { get x() { throw 2; } }]) { try { out.push(typeof await fixture.echo(each)); } catch (e) { out.push(e?.code ?? String(e)); } } return out",
    python:
      "a = {}\na['a'] = a\nout = []\nfor each in [a, float('nan'), 1j, object(), lambda: 0, {1: 2}, {(1, 2): 3}, 10 ** 400]:\n  try: out.append(str(type(await fixture.echo(each))))\n  except BaseException as e: out.append(type(e).__name__)\nreturn out",
  }),
  attack("line-separators", "Separators of lines in every place that carries text", {
    javascript:
      "const text = '\\u2028\\u2029\\n\\n\\r\\n\\u0085\\0'; const back = await fixture.echo({ [text]: text }); console.log(text); try { await fixture[text](); } catch {} return [back[text] === text, { [text]: text }]",
    python:
      "text = '\\u2028\\u2029\\n\\n\\r\\n\\x85\\0'\nback = await fixture.echo({text: text})\nprint(text)\ntry: await fixture[text]()\nexcept ToolError: pass\nreturn [back[text] == text, {text: text}]",
    ends: ["value"],
  }),
  attack("unhandled", "Rejections by the ten thousand", {
    javascript: "for (let i = 0; i < 30_000; i++) Promise.reject(new Error('x'.repeat(1000) + i)); return 1",
    python:
      "import asyncio\nfor i in range(5000):\n  f = asyncio.get_event_loop().create_future()\n  f.set_exception(ValueError('x' * 1000))\nreturn 1",
    reached: ({ outcome }) =>
      outcome.unhandled.length > 200 ? `${outcome.unhandled.length} rejections in the outcome` : undefined,
  }),
  attack("huge-error", "An error of many megabytes", {
    javascript:
      "const e = new Error('x'.repeat(20 << 20)); e.name = 'y'.repeat(1 << 20); e.cause = e; e.data = { a: 'z'.repeat(1 << 20) }; throw e",
    python: "raise ValueError('x' * (20 << 20))",
    ends: ["program_failed", "memory_limit", "output_limit"],
    reached: ({ outcome }) =>
      (outcome.failure?.message.length ?? 0) > 100_000 ? "an error without a limit" : undefined,
  }),
  attack("forged-code", "An error that says it is the host's", {
    javascript:
      "throw Object.assign(new ToolError('the disk is full'), { code: 'internal', tool: 'admin.drop', data: { __proto__: null, password: 'forged' } })",
    python: "e = ToolError('the disk is full')\ne.code = 'internal'\ne.tool = 'admin.drop'\nraise e",
    ends: ["program_failed", "tool_failed", "value", "internal"],
  }),
  attack("calls-after-value", "Calls that are made while the value is being read", {
    javascript:
      "return { toJSON() { for (let i = 0; i < 5; i++) void fixture.echo('late'); return 'value'; } }",
    python:
      "import asyncio\nfor i in range(5): asyncio.get_event_loop().call_later(i / 1000, lambda: fixture.echo('late'))\nreturn 'value'",
  }),
  attack("never-awaited", "A call that the program does not wait for", {
    javascript: "void fixture.hang(); void fixture.hang(); return 'gone'",
    python: "fixture.hang()\nfixture.hang()\nreturn 'gone'",
    ends: ["value"],
  }),
];
