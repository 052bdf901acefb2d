import { createWasmRunner } from "@mcp-optimizer/sandbox-wasi";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, expect, test } from "vitest";

// esbuild, built by Go for preview1: 19 MB, threads of its own scheduler, a garbage collector and a file system's user.
const require = createRequire(import.meta.url);
const esbuild = readFileSync(require.resolve("@esbuild/wasi-preview1/esbuild.wasm"));
const runner = createWasmRunner({ workers: 1, maxWorkers: 1 });
afterAll(() => runner.dispose());

const env = { PWD: "/" };

test("esbuild makes JavaScript of the TypeScript on its input", async () => {
  const { exitCode, stdout } = await runner.run(esbuild, {
    args: ["--minify", "--loader=ts"],
    stdin: "const answer: number = 6 * 7; console.log(answer as unknown)",
    env,
  });
  expect(stdout.text()).toBe("const answer=42;console.log(42);\n");
  expect(exitCode).toBe(0);
});

test("esbuild bundles files that import each other, and writes a file", async () => {
  const outcome = await runner.run(esbuild, {
    args: ["main.ts", "--bundle", "--format=esm", "--outfile=out/bundle.js"],
    files: [
      ["main.ts", 'import { twice } from "./lib/twice"; console.log(twice(21))'],
      ["lib/twice.ts", "export const twice = (n: number): number => n * 2"],
    ],
    env,
  });
  expect([...outcome.files.keys()]).toEqual(["out/bundle.js"]);
  const bundle = Buffer.from(outcome.files.get("out/bundle.js")!).toString();
  const printed: unknown[] = [];
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- what was built is run.
  new Function("console", bundle)({ log: (value: unknown) => printed.push(value) });
  expect(printed).toEqual([42]);
});

test("esbuild tells what is wrong, with an exit code", async () => {
  const { exitCode, stderr } = await runner.run(esbuild, { args: ["missing.ts", "--bundle"], env });
  expect(exitCode).toBe(1);
  expect(stderr.text()).toContain('Could not resolve "missing.ts"');
});
