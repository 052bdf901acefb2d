import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runCommand } from "../host/run-command.ts";

const SOURCE = fileURLToPath(new URL("../../guest/init.c", import.meta.url));
const BUILD_MS = 120_000;

/** The source of the guest's process 1. */
export async function initSource(): Promise<Buffer> {
  return await readFile(SOURCE);
}

/** Compiles the guest's process 1 into one file without libraries. */
export async function buildInit(compiler: string, file: string): Promise<Buffer> {
  await runCommand(compiler, ["-static", "-O2", "-s", "-o", file, SOURCE], { timeoutMs: BUILD_MS });
  const program = await readFile(file);
  await rm(file);
  return program;
}
