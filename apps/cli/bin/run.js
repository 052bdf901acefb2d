#!/usr/bin/env node
import { existsSync, mkdirSync } from "node:fs";
import nodeModule from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`mcp-optimizer needs Node 24 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}

// What was compiled once is kept in a folder of the user's own, since it is run. It only saves time: where there is no such folder, nothing is kept.
try {
  const { XDG_CACHE_HOME = "" } = process.env;
  let folder = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache");
  // One by one: with `recursive`, Node never comes back from making a folder in /proc.
  for (const name of [".", "mcp-optimizer", "compiled"]) {
    folder = join(folder, name);
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  }
  nodeModule.enableCompileCache(folder);
} catch {}

const { execute } = await import("@oclif/core/execute");

await execute({ dir: import.meta.url });
