import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runCommand } from "../host/run-command.ts";

const SOURCE = new URL("../../host/open-read-only.c", import.meta.url);
const BUILD_MS = 120_000;

/** The source of the library that opens a file for reading where it may not be written to. */
export function openReadOnlySource(): Promise<Buffer> {
  return readFile(SOURCE);
}

/** Compiles that library. */
export async function buildOpenReadOnly(compiler: string, file: string): Promise<void> {
  const args = ["-shared", "-fPIC", "-O2", "-s", "-o", file, fileURLToPath(SOURCE), "-ldl"];
  await runCommand(compiler, args, { timeoutMs: BUILD_MS });
}
