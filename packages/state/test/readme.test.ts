import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { stateFolder } from "./state-folder.ts";

const FOLDER = new URL("..", import.meta.url).pathname;

/** What the examples of a page print, one after the other. */
async function printed(page: string): Promise<string[]> {
  const source = await readFile(new URL(page, import.meta.url), "utf8");
  const examples = [...source.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
  const folder = stateFolder();
  return await Promise.all(
    examples.map(async (example) => {
      const child = spawn(
        process.execPath,
        [
          "--conditions=@mcp-optimizer/source",
          "--input-type=module-typescript",
          "--eval",
          example.replace("sqlite:./state", `sqlite:${folder}`),
        ],
        { cwd: FOLDER, stdio: ["ignore", "pipe", "inherit"], timeout: 25_000 },
      );
      return await text(child.stdout);
    }),
  );
}

test("the README's example runs", async () => {
  const [example] = await printed("../README.md");
  expect(JSON.parse(example!)).toMatchObject({
    error: { id: "123", type: "ValueError" },
    hit: true,
    evicted: [],
    session: { version: 2, data: { seen: 1 } },
  });
});

test("the examples of keeping state print what the page says", async () => {
  expect(await printed("../../../docs/how-to/keep-state.md")).toEqual([
    "default/current_error made room\nundefined false 102385\n",
    "conflict { seen: 1 } 0\n",
  ]);
});
