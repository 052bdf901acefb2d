import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { BasicKind } from "./basic/basic-kind.ts";
import { createProcessLauncher, type ProcessGuestOptions } from "./create-process-launcher.ts";

/** Options of {@link createBasicLauncher}. */
export interface BasicLauncherOptions extends ProcessGuestOptions {
  /** Starts guests even when `NODE_ENV` is `production`. Default false. */
  readonly force?: boolean;
  /** Where `NODE_ENV` is read. Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Guests in plain child processes with limits, for development: no sandbox. It warns whenever it is used, and refuses to when
 * `NODE_ENV` is `production`. Throws `config_invalid` for a `uid` of 0.
 */
export function createBasicLauncher(options: BasicLauncherOptions = {}): GuestLauncher {
  const production = (options.environment ?? process.env)["NODE_ENV"] === "production";
  const refused = production && options.force !== true;
  return createProcessLauncher(
    "basic",
    options,
    ({ runtimes, users, log }) => new BasicKind({ runtimes, refused, ownUser: users.exclusive, log }),
  );
}
