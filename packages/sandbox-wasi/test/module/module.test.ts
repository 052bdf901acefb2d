import type { Clock } from "@mcp-optimizer/contracts";
import { createWasmRunner, type ModuleRunOptions } from "@mcp-optimizer/sandbox-wasi";
import { afterAll, describe, expect, test } from "vitest";
import { command } from "./assemble.ts";

const runner = createWasmRunner({ workers: 1, maxWorkers: 1 });
afterAll(() => runner.dispose());

/** Copies the input to the output, through one page. */
const ECHO = command(
  `(local $got i32)
   (loop $l
     (i32.store (i32.const 512) (i32.const 2048)) (i32.store (i32.const 516) (i32.const 60000))
     (call $try (call $fd_read (i32.const 0) (i32.const 512) (i32.const 1) (i32.const 520)))
     (local.set $got (i32.load (i32.const 520)))
     (call $try (call $write (i32.const 1) (i32.const 2048) (local.get $got)))
     (br_if $l (local.get $got)))`,
);
const FOREVER = command("(loop $l (br $l))");
const SLEEP = command(
  `(i64.store (i32.const 24) (i64.const 3600000000000)) (i32.store (i32.const 16) (i32.const 1))
   (call $try (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))`,
);
const exit = (code: number): Uint8Array => command(`(call $proc_exit (i32.const ${code}))`);

test("input comes out again, of any bytes", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 256);
  const { exitCode, stdout, stderr, files, failure } = await runner.run(ECHO, { stdin: bytes });
  expect({ exitCode, failure, files: files.size, stderr: stderr.text() }).toEqual({
    exitCode: 0,
    failure: undefined,
    files: 0,
    stderr: "",
  });
  expect(Buffer.from(stdout.bytes).equals(bytes)).toBe(true);
  expect((await runner.run(ECHO, { stdin: "grüße" })).stdout.text()).toBe("grüße");
});

test("100 MB of input are read", async () => {
  const limits = { outputBytes: 110_000_000 };
  const { stdout, failure } = await runner.run(ECHO, { stdin: new Uint8Array(100_000_000).fill(7), limits });
  expect([failure, stdout.bytes.length, stdout.bytes.at(-1)]).toEqual([undefined, 100_000_000, 7]);
});

test.each([0, 1, 255, 256, 70_000, 4_294_967_295])("exit code %i", async (code) => {
  const outcome = await runner.run(exit(code));
  expect([outcome.exitCode, outcome.failure]).toEqual([code, undefined]);
});

test("what it wrote comes back: new, changed and moved files, but not those it left alone", async () => {
  const start = `
    (call $try (call $open (i32.const 0) (i32.const 3) (i32.const 1)))
    (call $try (call $write (call $fd) (i32.const 0) (i32.const 3)))
    (call $try (call $open (i32.const 3) (i32.const 5) (i32.const 0)))
    (call $try (call $write (call $fd) (i32.const 0) (i32.const 2)))
    (call $try (call $path_rename (i32.const 3) (i32.const 8) (i32.const 3) (i32.const 3) (i32.const 11) (i32.const 5)))`;
  const outcome = await runner.run(command(start, { text: "newd/oldmovd/got" }), {
    files: [
      ["d/old", "content"],
      ["mov", "moved"],
      ["/d/same", "same"],
    ],
  });
  const texts = [...outcome.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  expect(outcome.exitCode).toBe(0);
  expect(Object.fromEntries(texts)).toEqual({ new: "new", "d/old": "nentent", "d/got": "moved" });
});

test("a trap keeps what was written before it", async () => {
  const outcome = await runner.run(
    command(`(call $try (call $write (i32.const 2) (i32.const 0) (i32.const 5))) unreachable`, {
      text: "words",
    }),
  );
  expect(outcome.failure).toEqual({ code: "program_failed", message: "RuntimeError: unreachable" });
  expect(outcome.exitCode).toBeUndefined();
  expect(outcome.stderr.text()).toBe("words");
});

test("a memory limit holds for a module that ran with more", async () => {
  const grow = command(
    `(if (i32.eq (memory.grow (i32.const 300)) (i32.const -1)) (then (call $proc_exit (i32.const 1))))`,
  );
  const run = async (pages: number): Promise<number | undefined> =>
    (await runner.run(grow, { limits: { memoryBytes: pages * 65_536 } })).exitCode;
  expect([await run(400), await run(100), await run(400)]).toEqual([0, 1, 0]);
});

/** A clock that tells when a run of a wall limit of its own has been given to its worker. */
function watchedClock(wallMs: number): { clock: Clock; started: Promise<void> } {
  const started = Promise.withResolvers<void>();
  const schedule: Clock["schedule"] = (ms, callback) => {
    if (ms >= wallMs) {
      started.resolve();
    }
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  };
  return {
    clock: { now: () => Date.now(), elapsed: () => performance.now(), schedule },
    started: started.promise,
  };
}

test("the CPU of a module that never calls out is what its thread used, not the time that passed", async () => {
  // On this clock little time passes: the host's own estimate would come after the wall limit.
  const { clock } = watchedClock(0);
  const other = createWasmRunner({
    workers: 1,
    clock: { ...clock, elapsed: () => performance.now() / 5 },
  });
  const { failure } = await other.run(FOREVER, { limits: { cpuMs: 100, wallMs: 5_000 } });
  expect(failure?.code).toBe("cpu_limit");
  await other.dispose();
});

describe("an end from outside", () => {
  const limits = { wallMs: 25_000, cpuMs: 25_000 };

  test.each([
    ["a module that computes", FOREVER],
    ["a module that sleeps", SLEEP],
  ])("%s can be cancelled", async (_name, module) => {
    const { clock, started } = watchedClock(limits.wallMs);
    const other = createWasmRunner({ workers: 1, maxWorkers: 1, clock });
    const controller = new AbortController();
    const running = other.run(module, { signal: controller.signal, limits });
    await started;
    controller.abort();
    const { failure, usage } = await running;
    expect(failure?.code).toBe("cancelled");
    expect(usage.wallMs).toBeLessThan(20_000);
    expect((await other.run(exit(5))).exitCode).toBe(5);
    await other.dispose();
  });

  test("before the start, nothing runs", async () => {
    const outcome = await runner.run(exit(3), { signal: AbortSignal.abort() });
    expect([outcome.exitCode, outcome.failure?.code]).toEqual([undefined, "cancelled"]);
  });

  test("the end of the runner ends a run, and refuses further ones", async () => {
    const { clock, started } = watchedClock(limits.wallMs);
    const other = createWasmRunner({ workers: 1, maxWorkers: 1, clock });
    const running = other.run(FOREVER, { limits });
    await started;
    const waiting = other.run(exit(0)).catch((error: unknown) => error);
    await other.dispose();
    expect((await running).failure?.code).toBe("shutting_down");
    expect(await waiting).toMatchObject({ code: "shutting_down" });
    await expect(other.run(exit(0))).rejects.toMatchObject({ code: "shutting_down" });
  });
});

test.each<[string, ModuleRunOptions]>([
  ["a path that leaves the root", { files: [["../x", ""]] }],
  ["a path of a directory", { files: [["x/", ""]] }],
  ["an empty path", { files: [["", ""]] }],
  ["a path with NUL", { files: [["a\0b", ""]] }],
  [
    "a file that is a directory too",
    {
      files: [
        ["a", ""],
        ["a/b", ""],
      ],
    },
  ],
  [
    "a file given twice",
    {
      files: [
        ["a", ""],
        ["/a", ""],
      ],
    },
  ],
  ["a name that is too long", { files: [["n".repeat(256), ""]] }],
  [
    "files over the quota",
    { files: [["a", new Uint8Array(2 * 1024 * 1024)]], limits: { diskBytes: 1024 * 1024 } },
  ],
  ["input over the quota", { stdin: new Uint8Array(1024 * 1024 + 1), limits: { diskBytes: 1024 * 1024 } }],
  ["too long arguments", { args: ["x".repeat(300_000)] }],
  ["an argument with NUL", { args: ["a\0b"] }],
  ["a variable without a name", { env: { "": "x" } }],
  ["a negative limit", { limits: { cpuMs: -1 } }],
  ["a limit that is no number", { limits: { wallMs: Number.NaN } }],
  ["a huge limit", { limits: { memoryBytes: 2 ** 40 } }],
  ["no output at all", { limits: { outputBytes: 0 } }],
])("%s is refused", async (_name, options) => {
  await expect(runner.run(exit(0), options)).rejects.toMatchObject({ code: "invalid_params" });
});

test("a module over the size limit is refused before anything reads it", async () => {
  const small = createWasmRunner({ workers: 1, mostModuleBytes: 1_000 });
  await expect(small.run(new Uint8Array(1_001))).rejects.toMatchObject({
    code: "invalid_params",
    message: expect.stringContaining("at most 1000"),
  });
  await small.dispose();
});

test("a worker serves hundreds of modules, one after another", async () => {
  const module = command("(drop (memory.grow (i32.const 20)))");
  for (let i = 0; i < 300; i++) {
    expect((await runner.run(module)).exitCode).toBe(0);
  }
});
