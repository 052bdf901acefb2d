import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("the README's example runs and says what it says", async () => {
  const folder = new URL("..", import.meta.url).pathname;
  const readme = await readFile(`${folder}README.md`, "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const args = ["--conditions=@mcp-optimizer/source", "--input-type=module", "--eval", example];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 25_000,
  });
  expect(await text(child.stdout)).toBe('[1,"2"]\n');
});
