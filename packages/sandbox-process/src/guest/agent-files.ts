import type { GuestAgent } from "@mcp-optimizer/sandbox-guest";
import { OptimizerError } from "@mcp-optimizer/contracts";
import { posix } from "node:path";

/** The agent's files by their place in the guest. Throws `invalid_params` for a name that leads out of `/guest`. */
export function agentFiles(files: GuestAgent["files"]): [path: string, content: string | Uint8Array][] {
  return Object.entries(files).map(([name, content]) => {
    const path = posix.join("/guest", name);
    if (!path.startsWith("/guest/") || path.endsWith("/") || path.includes("\0")) {
      throw new OptimizerError("invalid_params", {
        detail: `${JSON.stringify(name)} is no name of a file in /guest`,
      });
    }
    return [path, content];
  });
}
