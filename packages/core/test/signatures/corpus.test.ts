import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { toolDeclaration } from "../../src/signatures/tool-declaration.ts";
import { toolSignatures } from "../../src/signatures/tool-signatures.ts";
import { hasCorpus, readCorpus } from "../read-corpus.ts";
import { asSource, expectOnlyTypes } from "./parses.ts";

describe.skipIf(!hasCorpus)("tools of real servers (skipped when ../shared/corpus is absent)", () => {
  test("none is kept out, and all have legal, unique paths", () => {
    const { tools, servers } = readCorpus();
    expect(servers.flatMap(({ problems }) => problems)).toEqual([]);
    expect(new Set(tools.map(({ path }) => path)).size).toBe(tools.length);
    for (const { path } of tools) expect(path).toMatch(/^[A-Za-z_$][\w$]*\.[A-Za-z_$][\w$]*$/u);
  });

  test("every signature and declaration parses, within its budget", () => {
    for (const tool of readCorpus().tools) {
      const { signatures, types } = toolSignatures([tool]);
      expect(signatures.join("").length).toBeLessThan(1_700);
      expectOnlyTypes(asSource(signatures, types));
      const declaration = toolDeclaration(tool);
      const at = declaration.search(/^(?:\/\*\*|\w+\.\w+\()/mu);
      expectOnlyTypes(asSource([declaration.slice(at)], [declaration.slice(0, at)]));
    }
  });

  test("the compiler accepts every type", { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "signatures-"));
    try {
      const blocks = readCorpus().tools.map((tool, index) => {
        const { signatures, types } = toolSignatures([tool]);
        return `export namespace n${index} {\n${asSource(signatures, types).replaceAll("declare function", "function")}\n}`;
      });
      const file = join(folder, "signatures.d.ts");
      await writeFile(file, `${blocks.join("\n").replaceAll("export namespace", "declare namespace")}\n`);
      const compiler = join(import.meta.dirname, "../../node_modules/.bin/tsc");
      const run = promisify(execFile)(
        compiler,
        ["--noEmit", "--strict", "--target", "es2024", "--types", "", file],
        { timeout: 100_000 },
      );
      await expect(run).resolves.toMatchObject({ stdout: "" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
