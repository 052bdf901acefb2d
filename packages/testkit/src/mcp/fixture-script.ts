import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** How to start a server: a program and its arguments. */
export interface ServerCommand {
  readonly command: string;
  readonly args: string[];
}

/** The command that runs a TypeScript file of this folder, or what was built of it, with the running Node. */
export function fixtureScript(source: URL, args: readonly string[]): ServerCommand {
  const script = fileURLToPath(source).replace(/\.ts$/, extname(import.meta.url));
  return { command: process.execPath, args: [script, ...args] };
}
