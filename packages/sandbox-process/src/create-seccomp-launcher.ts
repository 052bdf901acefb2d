import type { GuestLauncher } from "@mcp-optimizer/sandbox-guest";
import { SeccompKind } from "./bubblewrap/seccomp-kind.ts";
import { createProcessLauncher, type ProcessGuestOptions } from "./create-process-launcher.ts";

/** Options of {@link createSeccompLauncher}. */
export interface SeccompLauncherOptions extends ProcessGuestOptions {
  /** Bubblewrap to use, 0.8 or later. Default `bwrap`. */
  readonly bubblewrap?: string;
}

/**
 * Guests in processes behind bubblewrap: namespaces of their own, a read-only root without /proc, no network, and a filter that
 * lets through only the system calls that Node and Python need. Throws `config_invalid` for a `uid` of 0.
 */
export function createSeccompLauncher(options: SeccompLauncherOptions = {}): GuestLauncher {
  const bubblewrap = options.bubblewrap ?? "bwrap";
  return createProcessLauncher(
    "seccomp",
    options,
    ({ runtimes }) => new SeccompKind({ bubblewrap, runtimes }),
  );
}
