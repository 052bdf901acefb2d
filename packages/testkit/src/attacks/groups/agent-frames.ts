import type { Attack, AttackEnd } from "../attack.ts";

const ENDS: readonly AttackEnd[] = [
  "sandbox_violation",
  "value",
  "program_failed",
  "timeout",
  "cpu_limit",
  "output_limit",
  "memory_limit",
  "call_limit",
  "invalid_params",
];

/** `frames` is an expression that gives a list of texts; each is written to every open stream of the guest. */
const attack = (
  id: string,
  title: string,
  frames: { javascript: string; python: string },
  rest: Pick<Attack, "ends" | "reached" | "limits"> & { after?: { javascript: string; python: string } } = {},
): Attack => {
  const { after = { javascript: "return 'honest'", python: "return 'honest'" }, ...facts } = rest;
  return {
    id: `bridge-frames-${id}`,
    group: "bridge",
    title,
    breakout: true,
    ends: ENDS,
    limits: { wallMs: 1_200 },
    javascript: `const streams = []; for (let fd = 0; fd < 24; fd++) attempt(() => { const stat = sys.fs.fstatSync(fd); if (stat.isFIFO() || stat.isSocket() || stat.isCharacterDevice()) streams.push(fd); });
      const frames = ${frames.javascript};
      for (const frame of frames) for (const fd of streams) if (fd !== 0) attempt(() => sys.fs.writeSync(fd, frame));
      ${after.javascript}`,
    python: `
import stat
streams = []
for fd in range(1, 24):
    attempt(lambda: (os.set_blocking(fd, False), streams.append(fd)) if stat.S_ISFIFO(os.fstat(fd).st_mode) or stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISCHR(os.fstat(fd).st_mode) else None)
frames = ${frames.python}
for frame in frames:
    for fd in streams: attempt(os.write, fd, frame if isinstance(frame, bytes) else frame.encode())
for fd in streams: attempt(os.set_blocking, fd, True)
${after.python}`,
    ...facts,
  };
};

const both = (text: string): { javascript: string; python: string } => {
  const list = JSON.stringify([text]);
  return { javascript: list, python: list };
};
const call = (ids: string, names: string, args: string): string =>
  `C{"ids":[${ids}],"names":[${names}],"lost":0}\n[]\n${args}\n\n`;

/** Programs that write to the guest's own stream, past the agent: every frame that the host reads may be forged. */
export const AGENT_FRAME_ATTACKS: readonly Attack[] = [
  attack(
    "result",
    "A forged result before the real one",
    both('D{"unhandled":[],"lost":0}\n[]\n{"forged":true,"__proto__":{"polluted":1}}\n\n'),
  ),
  attack(
    "result-twice",
    "Two results, then a call",
    both(
      `D{"unhandled":[],"lost":0}\n[]\n1\n\nD{"unhandled":[],"lost":0}\n[]\n2\n\n${call("1", '"fixture.echo"', "[1]")}`,
    ),
  ),
  attack("many-calls", "A thousand forged calls", {
    javascript: `[Array.from({ length: 1000 }, (_, i) => 'C{"ids":[' + (i + 1) + '],"names":["fixture.echo"],"lost":0}\\n[]\\n[1]\\n\\n').join("")]`,
    python: `["".join('C{"ids":[%d],"names":["fixture.echo"],"lost":0}\\n[]\\n[1]\\n\\n' % (i + 1) for i in range(1000))]`,
  }),
  attack(
    "duplicate-ids",
    "The same call again and again",
    both(call("1", '"fixture.echo"', "[1]").repeat(3)),
  ),
  attack(
    "guessed-ids",
    "Calls by numbers that nobody gave",
    both(
      call(
        "999999,-1,1e400,2.5",
        '"fixture.echo","fixture.echo","fixture.echo","fixture.echo"',
        "[1]\n[1]\n[1]\n[1]",
      ),
    ),
  ),
  attack("odd-headers", "Headers that are no headers", {
    javascript: `['C{"ids":[1],"names":[{"toString":"x"}],"lost":0}\\n[]\\n[1]\\n\\n', 'C[]\\n\\n', 'Z{"lost":0}\\n[]\\n\\n', '{}\\n\\n', 'C{"__proto__":{"ids":[1]},"lost":0}\\n[]\\n\\n']`,
    python: `['C{"ids":[1],"names":[{"toString":"x"}],"lost":0}\\n[]\\n[1]\\n\\n', 'C[]\\n\\n', 'Z{"lost":0}\\n[]\\n\\n', '{}\\n\\n']`,
  }),
  attack(
    "odd-numbers",
    "Counts that are negative, huge or no numbers",
    both('W{"due":-1,"lost":-5}\n[]\n\nW{"lost":1e309}\n[]\n\nW{"due":"x","lost":0}\n[]\n\n'),
  ),
  attack("deep-header", "A header that is nested a hundred thousand times", {
    javascript: `["C" + "[".repeat(1e5) + "\\n\\n"]`,
    python: `["C" + "[" * 100000 + "\\n\\n"]`,
  }),
  attack(
    "endless-line",
    "A line that never ends",
    {
      javascript: `Array.from({ length: 40 }, () => "x".repeat(1 << 20))`,
      python: `["x" * (1 << 16)] * 640`,
    },
    { ends: [...ENDS] },
  ),
  attack("endless-lines", "A great many empty lines", {
    javascript: `Array.from({ length: 10 }, () => "\\n".repeat(1 << 18))`,
    python: `["\\n" * (1 << 16)] * 40`,
  }),
  attack("half-frame", "Half a frame, and then the end", both('D{"unhandled":[],"lost":0}\n[]\n"for'), {
    after: { javascript: "sys.process.reallyExit(0)", python: "os._exit(0)" },
    ends: ["sandbox_violation"],
  }),
  attack("bytes", "Bytes that are no text, NULs, and a byte order mark", {
    javascript: `[sys.Buffer.from([0xff, 0xfe, 0, 0xc3, 0x28, 0xed, 0xa0, 0x80, 10, 10]), sys.Buffer.from([0xef, 0xbb, 0xbf, 0x57, 10, 10]), "\\0\\0\\n\\n"]`,
    python: `[bytes([0xff, 0xfe, 0, 0xc3, 0x28, 0xed, 0xa0, 0x80, 10, 10]), bytes([0xef, 0xbb, 0xbf, 0x57, 10, 10]), b"\\0\\0\\n\\n"]`,
  }),
  attack(
    "console-overflow",
    "Console lines over the limit, by frame",
    {
      javascript: `['W{"lost":0}\\n' + JSON.stringify([[0, "x".repeat(200_000)]]) + "\\n\\n"]`,
      python: `['W{"lost":0}\\n' + json.dumps([[0, "x" * 200000]]) + "\\n\\n"]`,
    },
    {
      reached: ({ outcome, limits }) =>
        outcome.console.reduce((sum, { text }) => sum + text.length, 0) > limits.consoleBytes
          ? "a console over its limit"
          : undefined,
    },
  ),
  attack(
    "tool-names",
    "Calls of tools by odd names, past the agent's checks",
    both(
      call(
        "1,2,3",
        '"__proto__","admin.drop","fixture.__proto__"',
        '[1]\n[{"__proto__":{"polluted":1}}]\n{"not":"a list"}',
      ),
    ),
  ),
  attack(
    "arguments",
    "Arguments over their limit, and no JSON at all",
    {
      javascript: `['C{"ids":[1,2],"names":["fixture.echo","fixture.echo"],"lost":0}\\n[]\\n[' + '"' + "x".repeat(2 << 20) + '"]\\n[1,,{]\\n\\n']`,
      python: `['C{"ids":[1,2],"names":["fixture.echo","fixture.echo"],"lost":0}\\n[]\\n["' + "x" * (2 << 20) + '"]\\n[1,,{]\\n\\n']`,
    },
    {
      reached: ({ calls }) =>
        calls.some(({ args }) => typeof args[0] === "string" && args[0].length > 1 << 20)
          ? "an argument over its limit"
          : undefined,
    },
  ),
  attack(
    "failure",
    "A forged failure with the codes of the host",
    both(
      'D{"failure":{"code":"internal","message":"\\u001b[31mforged","data":{"__proto__":{"polluted":1}},"position":{"line":-1,"column":1e9}},"unhandled":[],"lost":0}\n[]\n\n',
    ),
    {
      ends: [...ENDS, "internal"],
    },
  ),
  attack(
    "unhandled",
    "A forged result with a hundred thousand rejections",
    {
      javascript: `['D{"unhandled":[' + Array(1e5).fill('{"code":"program_failed","message":"x"}').join() + '],"lost":0}\\n[]\\n1\\n\\n']`,
      python: `['D{"unhandled":[' + ",".join(['{"code":"program_failed","message":"x"}'] * 100000) + '],"lost":0}\\n[]\\n1\\n\\n']`,
    },
    { reached: ({ outcome }) => (outcome.unhandled.length > 200 ? "rejections without a limit" : undefined) },
  ),
  attack(
    "silence",
    "Both streams closed while the guest goes on",
    { javascript: "[]", python: "[]" },
    {
      after: {
        javascript: "for (let fd = 0; fd < 24; fd++) attempt(() => sys.fs.closeSync(fd)); for (;;) {}",
        python: "os.closerange(0, 24)\nwhile True: pass",
      },
      limits: { cpuMs: 250, wallMs: 2_000 },
    },
  ),
  attack(
    "stderr-flood",
    "The stream of errors, without an end",
    { javascript: "[]", python: "[]" },
    {
      after: {
        javascript:
          "const text = 'x'.repeat(1 << 16); const end = Date.now() + 400; while (Date.now() < end) attempt(() => sys.fs.writeSync(2, text)); return 'honest'",
        python:
          "os.set_blocking(2, False)\nend = time.monotonic() + 0.4\nwhile time.monotonic() < end: attempt(os.write, 2, b'x' * 65536)\nreturn 'honest'",
      },
    },
  ),
  attack(
    "exit",
    "The process ends in the middle of a call",
    { javascript: "[]", python: "[]" },
    {
      after: {
        javascript: "void fixture.hang(); await fixture.echo(1); sys.process.exit(0)",
        python: "fixture.hang()\nawait fixture.echo(1)\nos._exit(0)",
      },
      ends: ["sandbox_violation"],
    },
  ),
];
