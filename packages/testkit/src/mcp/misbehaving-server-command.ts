import { fixtureScript, type ServerCommand } from "./fixture-script.ts";
import type { Misbehaviour } from "./misbehaviour.ts";

/** The command of an MCP server over stdio that does one thing wrong. */
export function misbehavingServerCommand(mode: Misbehaviour): ServerCommand {
  return fixtureScript(new URL("./misbehaving-server.ts", import.meta.url), [mode]);
}
