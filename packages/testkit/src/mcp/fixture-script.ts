import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** How to start a server: a program and its arguments. */
export interface ServerCommand {
  readonly command: string;
  readonly args: string[];
}

/** The command that runs a script of this folder with the running Node; works from the sources and from the build. */
export function fixtureScript(name: string, args: readonly string[]): ServerCommand {
  const script = fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));
  return { command: process.execPath, args: [script, ...args] };
}
