import { ensureDebianPackages, orReason } from "@mcp-optimizer/services";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const bubblewrap = await orReason(() => ensureDebianPackages(["bubblewrap"]));

test.skipIf(bubblewrap.reason)(`the README's example runs [${bubblewrap.reason ?? "here"}]`, async () => {
  const folder = new URL("..", import.meta.url).pathname;
  const readme = await readFile(`${folder}README.md`, "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const print = " process.stdout.write(JSON.stringify({ stdout, stderr, exitCode, value }));";
  const child = spawn(
    process.execPath,
    ["--conditions=@mcp-optimizer/source", "--input-type=module", "--eval", example + print],
    { cwd: folder, stdio: ["ignore", "pipe", "inherit"], timeout: 25_000 },
  );
  const printed: unknown = JSON.parse(await text(child.stdout));
  expect(printed).toEqual({ stdout: "hello\n", stderr: "", exitCode: 0, value: 45 });
});
