import type { Command } from "@oclif/core/command";
import { Run } from "./commands/run.ts";
import { Sandboxes } from "./commands/sandboxes.ts";
import { Search } from "./commands/search.ts";
import { Serve } from "./commands/serve.ts";
import { Tokens } from "./commands/tokens.ts";
import { Tools } from "./commands/tools.ts";

/** Every command by its name. */
export const commands: Readonly<Record<string, Command.Class>> = {
  run: Run,
  sandboxes: Sandboxes,
  search: Search,
  serve: Serve,
  tokens: Tokens,
  tools: Tools,
};
