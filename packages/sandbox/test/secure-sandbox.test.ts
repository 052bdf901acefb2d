import { OptimizerError, type LogEntry } from "@mcp-optimizer/contracts";
import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { afterAll, describe, expect, test } from "vitest";
import { SecureSandbox } from "../src/index.ts";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));
const embedded = new SecureSandbox({ backend: "wasi" });
const processes = new SecureSandbox({ backend: "seccomp", pool: { size: 1 } });
afterAll(() => Promise.all([embedded.cleanup(), processes.cleanup()]));

const rejection = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "nothing",
    (error: unknown) => (OptimizerError.is(error) ? `${error.code} ${error.message}` : String(error)),
  );

describe("execute", () => {
  test("gives what a program wrote and returned", async () => {
    const code =
      'console.log("a", 1); console.error("b"); console.warn("c"); const x: number = 20; x * 2 + 2';
    expect(await embedded.execute(code)).toEqual({
      stdout: "a 1\n",
      stderr: "b\nc\n",
      exitCode: 0,
      value: 42,
    });
  });

  test("gives a program that throws exit code 1, and its error with the place on stderr", async () => {
    const { exitCode, stdout, stderr } = await embedded.execute(
      'console.log("so far");\nthrow new TypeError("no")',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "so far\n" });
    expect(stderr).toMatch(/^TypeError: .* \(line 2, column \d+\)\n$/);
    expect((await embedded.execute("const a = ;")).stderr).toMatch(/^Error: .*line 1, column 11/);
  });

  test("rejects with timeout, and later programs run", async () => {
    const endless = embedded.execute("await new Promise((r) => setTimeout(r, 1e6))", { timeout: 0.3 });
    expect(await rejection(endless)).toBe("timeout The time limit was reached: the program ran for 300 ms");
    expect((await embedded.execute("1")).value).toBe(1);
  });

  test("rejects with the limit that a program hits", async () => {
    const bomb = "const all = []; for (;;) all.push(new Array(1e6).fill(all.length))";
    expect(await rejection(embedded.execute(bomb, { memoryMb: 32 }))).toMatch(/^memory_limit /);
  });

  test.each([
    ["a negative time", { timeout: -1 }, "timeout must be a number over 0 and at most 30, not -1"],
    ["a huge time", { timeout: 31 }, "timeout must be a number over 0 and at most 30, not 31"],
    ["no number", { timeout: Number.NaN }, "timeout must be"],
    ["no memory", { memoryMb: 0 }, "memoryMb must be"],
    ["endless memory", { memoryMb: Infinity }, "memoryMb must be a number over 0 and at most 512"],
    ["Python without it", { language: "python" as const }, "this sandbox does not run Python"],
  ])("%s is refused", async (_, options, message) => {
    const found = await rejection(embedded.execute("1", options));
    expect(found).toMatch(/^invalid_params /);
    expect(found).toContain(message);
  });

  test("is cancelled by its signal", async () => {
    const abort = new AbortController();
    const pending = rejection(embedded.execute("await new Promise(() => setTimeout(() => 0, 1e6))", abort));
    abort.abort();
    expect(await pending).toMatch(/^cancelled /);
  });

  test.skipIf(bubblewrap.reason)(
    `runs many programs in one process [${bubblewrap.reason ?? "here"}]`,
    async () => {
      await using sandbox = new SecureSandbox({ backend: "seccomp", realms: true, pool: { size: 0 } });
      expect((await sandbox.execute("globalThis.left = 1; typeof process")).value).toBe("undefined");
      expect((await sandbox.execute("typeof left")).value).toBe("undefined");
    },
  );

  test.skipIf(bubblewrap.reason)(
    `runs Python and JavaScript alike [${bubblewrap.reason ?? "here"}]`,
    async () => {
      const [python, script] = await Promise.all([
        processes.execute('import sys\nprint("a", 1)\nprint("b", file=sys.stderr)\n{"n": [1, 2.5, None]}', {
          language: "python",
        }),
        processes.execute('console.log("a", 1); console.error("b"); ({ n: [1, 2.5, null] })'),
      ]);
      expect(python).toEqual({ stdout: "a 1\n", stderr: "b\n", exitCode: 0, value: { n: [1, 2.5, null] } });
      expect(script).toEqual(python);
      const failed = await processes.execute("x = 1\nx / 0", { language: "python" });
      expect(failed).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^ZeroDivisionError: .*\(line 2/),
      });
      const endless = processes.execute("while True: pass", { language: "python", timeout: 0.5 });
      expect(await rejection(endless)).toMatch(/^timeout /);
    },
  );
});

describe("a sandbox that is switched off", () => {
  test("runs in plain processes, with a warning", async () => {
    const told: LogEntry[] = [];
    await using open = new SecureSandbox({
      enabled: false,
      pool: { size: 0 },
      log: (entry) => told.push(entry),
    });
    expect((await open.execute("1 + 1")).value).toBe(2);
    const warnings = told.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(warnings).toEqual([expect.stringContaining("is no sandbox")]);
  });

  test("is refused in production", () => {
    const environment = { NODE_ENV: "production" };
    expect(() => new SecureSandbox({ enabled: false, environment })).toThrow(
      /refused while NODE_ENV is production/,
    );
    expect(() => new SecureSandbox({ environment })).not.toThrow();
  });
});

test("a missing sandbox rejects each program, an unknown one is told at once", async () => {
  await using missing = new SecureSandbox({ docker: { socketPath: "/nowhere/docker.sock" } });
  expect(await rejection(missing.execute("1"))).toMatch(/^sandbox_unavailable .*docker: /);
  expect(await rejection(missing.execute("1"))).toMatch(/^sandbox_unavailable .*docker: /);
  expect(() => new SecureSandbox({ backend: "podman" as never })).toThrow(/there is no sandbox "podman"/);
});

test("after cleanup it opens again", async () => {
  await using sandbox = new SecureSandbox({ backend: "wasi", wasi: { workers: 1 } });
  expect((await sandbox.execute("1")).value).toBe(1);
  await sandbox.cleanup();
  await sandbox.cleanup();
  expect((await sandbox.execute("2")).value).toBe(2);
});
