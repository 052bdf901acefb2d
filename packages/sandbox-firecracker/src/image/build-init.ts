import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runCommand } from "../host/run-command.ts";

const FOLDER = new URL("../../guest/", import.meta.url);
const SOURCES = ["init.c", "channel.h"];
const BUILD_MS = 120_000;

/** The source of the guest's process 1. */
export async function initSource(): Promise<Buffer> {
  return Buffer.concat(await Promise.all(SOURCES.map((name) => readFile(new URL(name, FOLDER)))));
}

/** Compiles the guest's process 1 into one file without libraries. */
export async function buildInit(compiler: string, file: string): Promise<Buffer> {
  const source = fileURLToPath(new URL("init.c", FOLDER));
  await runCommand(compiler, ["-static", "-O2", "-s", "-o", file, source], { timeoutMs: BUILD_MS });
  const program = await readFile(file);
  await rm(file);
  return program;
}
