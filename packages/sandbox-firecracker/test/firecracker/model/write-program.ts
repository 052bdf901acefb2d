import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Writes a program that runs a model in this folder, and returns its path. */
export async function writeProgram(
  folder: string,
  name: "firecracker" | "jailer",
  args: readonly string[] = [],
): Promise<string> {
  const model = fileURLToPath(new URL(`${name}-model.ts`, import.meta.url));
  const command = [process.execPath, "--conditions=@mcp-optimizer/source", model, ...args];
  const program = join(folder, name);
  await writeFile(program, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  await chmod(program, 0o755);
  return program;
}
