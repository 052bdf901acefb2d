#!/usr/bin/env node
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

// What was compiled once is kept in a folder of the user's own, since it is run. Node never comes back from making a folder in /proc.
const { XDG_CACHE_HOME = "" } = process.env;
const cache = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache");
if (existsSync(join(cache, ".."))) enableCompileCache(join(cache, "mcp-optimizer", "compiled"));

const { execute } = await import("@oclif/core/execute");

await execute({ dir: import.meta.url });
