import { createWasmRunner } from "@mcp-optimizer/sandbox-wasi";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

// The binaries of github.com/WebAssembly/wasi-testsuite, branch `prod/testsuite-base`, are no part of this repository.
const folder = process.env["MCP_OPTIMIZER_WASI_TESTSUITE"];

/** Wants no descriptor 3; here the root is always open. */
const KNOWN: ReadonlySet<string> = new Set(["sock_shutdown-invalid_fd.wasm"]);

interface Specification {
  readonly args?: string[];
  readonly env?: Record<string, string>;
  readonly root?: string;
  readonly exit_code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

async function filesOf(root: string): Promise<[string, Uint8Array][]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => [path.slice(root.length + 1), await readFile(path)]));
}

describe.skipIf(folder === undefined)(
  "wasi-testsuite (set MCP_OPTIMIZER_WASI_TESTSUITE to its checkout)",
  () => {
    const runner = createWasmRunner({ workers: 2 });
    afterAll(() => runner.dispose());

    test.for(["assemblyscript", "c", "rust"])(
      "every preview1 test in %s",
      { timeout: 120_000 },
      async (language) => {
        const at = join(folder!, "tests", language, "testsuite", "wasm32-wasip1");
        const names = (await readdir(at)).filter((name) => name.endsWith(".wasm") && !KNOWN.has(name));
        const failed = await Promise.all(
          names.map(async (name) => {
            const path = join(at, name.replace(/wasm$/, "json"));
            const spec: Specification = existsSync(path) ? JSON.parse(await readFile(path, "utf8")) : {};
            const outcome = await runner.run(await readFile(join(at, name)), {
              name,
              args: spec.args ?? [],
              env: spec.env ?? {},
              files: spec.root === undefined ? [] : await filesOf(join(at, spec.root)),
            });
            const good =
              outcome.exitCode === (spec.exit_code ?? 0) &&
              (spec.stdout === undefined || outcome.stdout.text() === spec.stdout);
            return good ? [] : [[name, outcome.exitCode, outcome.failure?.message, outcome.stderr.text()]];
          }),
        );
        expect(failed.flat()).toEqual([]);
        expect(names.length).toBeGreaterThan(10);
      },
    );
  },
);
