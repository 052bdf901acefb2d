import type { Attack, AttackEnd } from "../attack.ts";

const ENDS: readonly AttackEnd[] = [
  "value",
  "program_failed",
  "program_invalid",
  "sandbox_violation",
  "cpu_limit",
  "timeout",
  "memory_limit",
  "output_limit",
];
const attack = (id: string, title: string, python: string, rest: Partial<Attack> = {}): Attack => ({
  id: `language-python-${id}`,
  group: "language",
  title,
  python,
  ends: ENDS,
  ...rest,
});
const AIM = `
      def aim(open):
          try:
              with open(T["folder"] + "/secret.txt") as file: return file.read()
          except BaseException as error: return repr(error)[:80]`;

/** Programs that turn Python on what runs them. The process is the boundary: they aim at the secret of the host and at the agent's frames. */
export const LANGUAGE_PYTHON_ATTACKS: readonly Attack[] = [
  attack(
    "subclasses",
    "Every class there is, from an empty tuple",
    `${AIM}
      found = [each for each in ().__class__.__base__.__subclasses__() if each.__name__ in ("FileLoader", "_wrap_close", "Popen", "BuiltinImporter")]
      builtins = next(each for each in found if hasattr(each.__init__, "__globals__")).__init__.__globals__["__builtins__"]
      builtins = builtins if isinstance(builtins, dict) else builtins.__dict__
      return [[each.__name__ for each in found], aim(builtins["open"])]`,
  ),
  attack(
    "frames",
    "The frames of the agent, by a traceback, a coroutine and a generator",
    `${AIM}
      import sys
      found = []
      try: raise ValueError
      except ValueError as error: frame = error.__traceback__.tb_frame
      gen = (g.gi_frame for g in [None] if False)
      for start in (frame, sys._getframe(), gen.gi_frame):
          while start is not None:
              found.append(start.f_code.co_filename[-20:])
              for value in list(start.f_locals.values())[:50]:
                  if type(value).__name__ == "Agent": found.append("agent"); value._value_limit = 10 ** 12; value._calls._call_limit = 10 ** 9
              start = start.f_back
      for _ in range(3000): fixture.echo(1)
      return "x" * 30_000_000`,
  ),
  attack(
    "objects",
    "Every object of the collector, for the agent and its calls",
    `
      import gc
      found = [each for each in gc.get_objects() if type(each).__name__ in ("Agent", "HostCalls", "Console")]
      for each in found:
          for name in list(vars(each)):
              if isinstance(vars(each)[name], int) and not isinstance(vars(each)[name], bool): setattr(each, name, 10 ** 9 if "id" not in name else 1)
      return [type(each).__name__ for each in found] + [await fixture.echo(1)]`,
  ),
  attack(
    "modules",
    "Modules of the agent, changed under it",
    `
      import sys
      changed = []
      for name in ("encode", "bindings", "program", "json"):
          module = sys.modules.get(name)
          if module is None: continue
          for key in ("to_json", "encode_value", "safe_text", "describe_failure", "dumps"):
              if hasattr(module, key):
                  setattr(module, key, lambda *a, **k: '{"ids":[1],"names":["admin.drop"],"lost":-1}')
                  changed.append(key)
      main = sys.modules["__main__"]
      for key in ("to_json", "encode_value", "safe_text"): setattr(main, key, lambda *a, **k: '{"__proto__":{"polluted":1}}')
      return changed`,
  ),
  attack(
    "audit-hooks",
    "Audit hooks, profilers and tracers on the agent",
    `
      import sys
      seen = []
      sys.addaudithook(lambda event, args: seen.append(event))
      sys.setprofile(lambda *a: seen.append(a[1]))
      sys.settrace(lambda frame, *a: seen.append(frame.f_code.co_name))
      value = await fixture.echo(1)
      return [value, sorted(set(seen))[:20]]`,
  ),
  attack(
    "format-string",
    "Attributes in a format string, and of an error (n8n, CVE-2026-0863)",
    `${AIM}
      text = "{0.__class__.__init__.__globals__}".format(fixture)
      try: "{0.nothing}".format(fixture.__class__)
      except AttributeError as error: found = error.obj
      else: found = None
      return [len(text), str(type(found)), aim(found.__init__.__globals__["__builtins__"]["open"] if found else open)]`,
  ),
  attack(
    "builtins",
    "Builtins removed, replaced and found again",
    `${AIM}
      import builtins, importlib
      real = builtins.open
      builtins.open = builtins.__import__ = builtins.isinstance = lambda *a, **k: True
      for name in ("len", "dict", "list", "str", "type", "range"): setattr(builtins, name, None)
      return aim(real)`,
  ),
  attack(
    "hooks",
    "Import hooks, exit handlers and finalisers that outlive the program",
    `
      import sys, atexit, threading, weakref
      class Finder:
          def find_spec(self, name, *rest): raise SystemExit("hooked " + name)
          def __del__(self): fixture.echo("after the end")
      sys.meta_path.insert(0, Finder())
      atexit.register(lambda: fixture.echo("after the end"))
      threading.Timer(0.01, lambda: fixture.echo("from a thread")).start()
      sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: fixture.echo("hooked")
      return "set"`,
  ),
  attack(
    "event-loop",
    "The agent's event loop, replaced while it runs",
    `
      import asyncio
      loop = asyncio.get_event_loop()
      selector = loop._selector
      type(selector).before = staticmethod(lambda timeout: 0)
      loop.call_soon = lambda *a, **k: None
      asyncio.set_event_loop(None)
      loop.stop()
      await fixture.echo(1)
      return "went on"`,
    { limits: { wallMs: 1_500 } },
  ),
  attack(
    "bytecode",
    "Code that no compiler made",
    `
      import types
      def f(): pass
      bad = f.__code__.replace(co_code=bytes([100, 255, 83, 0] * 4), co_consts=())
      return types.FunctionType(bad, {})()`,
  ),
  attack(
    "segfault",
    "A crash of the interpreter",
    `
      import ctypes
      ctypes.string_at(0)`,
    { ends: ["sandbox_violation"] },
  ),
  attack(
    "pyodide-bridge",
    "JavaScript from Python, and the shell (n8n, CVE-2025-68668)",
    `${AIM}
      found = []
      for name in ("js", "pyodide", "pyodide_js", "_pyodide", "micropip", "jsglobals"):
          try: found.append(str(__import__(name)))
          except BaseException as error: found.append(type(error).__name__)
      import os
      status = os.system("cat " + T["folder"] + "/secret.txt > /tmp/out 2>/dev/null")
      try: found.append(open("/tmp/out").read())
      except OSError: pass
      return [found, status, aim(open)]`,
  ),
  attack(
    "pickle",
    "Objects that run code when they are read",
    `${AIM}
      import pickle, os
      class Evil:
          def __reduce__(self): return (os.system, ("cat %s/secret.txt" % T["folder"],))
      return [pickle.loads(pickle.dumps(Evil())), aim(open)]`,
  ),
  attack(
    "values",
    "Values whose methods lie",
    `
      class Text(str):
          def encode(self, *a): return b'","polluted":"x' * 100
          def __len__(self): return -5 if False else 1
      class Number(int):
          def __repr__(self): return '1}\\n\\nD{"unhandled":[],"lost":0}\\n[]\\n"forged"'
          __str__ = __format__ = __repr__
      class Map(dict):
          def items(self): return [("__proto__", {"polluted": 1}), (Text("k"), Number(1))]
      return [Text("a"), Number(5), Map(a=1), {Text("k"): Number(2)}, float("inf"), {"__proto__": {"polluted": 1}}]`,
    {
      reached: ({ outcome }) => (outcome.value === "forged" ? "a forged frame by a value" : undefined),
    },
  ),
  attack(
    "surrogates",
    "Text that is no Unicode, NULs and separators of lines",
    `
      return ["\\ud800", "\\x00", "\\u2028\\u2029", "a\\n\\nD{}\\n[]", "\\x85", "\\r\\n\\r\\n", await fixture.echo("\\udfff\\n\\n")]`,
  ),
];
