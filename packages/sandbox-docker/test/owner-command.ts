import { fileURLToPath } from "node:url";

/** The command of a process that holds one guest until it is killed. */
export function ownerCommand(kind: string, socketPath: string, mark: string): string[] {
  const script = fileURLToPath(new URL("guest-owner-process.ts", import.meta.url));
  return [process.execPath, "--conditions=@mcp-optimizer/source", script, kind, socketPath, mark];
}
