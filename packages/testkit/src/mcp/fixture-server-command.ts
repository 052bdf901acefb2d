import { fixtureScript, type ServerCommand } from "./fixture-script.ts";
import type { FixtureEra } from "./fixture-session.ts";

/** Options of the well-behaved fixture server. */
export interface FixtureServerOptions {
  /** Default `dual`. */
  readonly era?: FixtureEra;
  /** Tools in a page of `tools/list`. Default: all. */
  readonly pageSize?: number;
}

/** The command of a well-behaved MCP server over stdio with the standard fixture tools. */
export function fixtureServerCommand(options: FixtureServerOptions = {}): ServerCommand {
  return fixtureScript(new URL("./fixture-server.ts", import.meta.url), [
    ...(options.era === undefined ? [] : ["--era", options.era]),
    ...(options.pageSize === undefined ? [] : ["--page-size", String(options.pageSize)]),
  ]);
}
